"""Workers that keep to a core of their own."""

import os
import re
from pathlib import Path

import pytest

from app.wiring.cores import own_core
from tests.servers import running_shop
from tests.waiting import eventually

pytestmark = pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity"), reason="only Linux lets a process choose its cores"
)


def workers_of(process_id: int) -> list[int]:
    """The processes that answer calls: the first one only watches them."""
    children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text().split()
    return [
        int(child)
        for child in children
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def cores_of(process_id: int) -> set[str]:
    """Where its threads may run, as the kernel writes it."""
    allowed = re.compile(r"^Cpus_allowed_list:\s*(\S+)$", re.MULTILINE)
    found = set()
    for thread in Path(f"/proc/{process_id}/task").iterdir():
        (cores,) = allowed.findall((thread / "status").read_text())
        found.add(cores)
    return found


class TestOwnCore:
    @pytest.mark.slow
    @pytest.mark.skipif(os.cpu_count() == 1, reason="there is one core for two workers")
    def test_gives_each_worker_another_one(self, tmp_path: Path) -> None:
        settings = {"PIN_WORKERS": "true"}
        with running_shop(tmp_path, settings, workers=2) as shop:
            eventually(lambda: shop.log.count("worker_pinned") == 2)
            first, second = map(cores_of, workers_of(shop.process.pid))

        assert len(first) == len(second) == 1
        assert first != second

    def test_leaves_a_worker_alone_that_finds_none(self) -> None:
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(before)})
        try:
            with own_core(wanted=True), own_core(wanted=True):
                assert os.sched_getaffinity(0) == {min(before)}
        finally:
            os.sched_setaffinity(0, before)

    def test_gives_the_core_back(self) -> None:
        before = os.sched_getaffinity(0)

        for _ in range(2):
            with own_core(wanted=True):
                assert len(os.sched_getaffinity(0)) == 1

        assert os.sched_getaffinity(0) == before

    def test_changes_nothing_unasked(self) -> None:
        before = os.sched_getaffinity(0)

        with own_core(wanted=False):
            assert os.sched_getaffinity(0) == before
