"""The benchmark still runs, and every answer it gets is right; how fast is no test's business."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import drawing

DRAWING = re.compile(r"^(.+?) +([\d.]+) +([\d,]+)$", re.MULTILINE)
ROOT = Path(__file__).resolve().parents[2]
TINY = ("--seconds", "0.2", "--events", "60", "--connections", "2")
LINES = (
    "bare FastAPI route, a constant",
    "bare FastAPI route, one SELECT",
    "list of events, page of 20",
    "event detail",
    "ticket PNG, drawn for this call",
    "ticket PNG, drawn before",
    "login",
    "pay + verify, Paystack in process",
    "pay + verify, Paystack separate",
)


DIVIDING = """
import os, subprocess
from benchmarks.servers import share_cores

cores = share_cores()
with subprocess.Popen(["sleep", "60"]) as other:
    for workers in (1, 2):
        cores.divide(workers=workers)
        print(workers, *(len(os.sched_getaffinity(each)) for each in (0, other.pid)))
    other.kill()
"""


def run(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """In a process of its own: it moves itself to another core."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *TINY, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


def run_rush(*arguments: str) -> "subprocess.CompletedProcess[str]":
    tiny = ("--seconds", "0.2", "--past", "20", "--buyers", "4", "--workers", "1")
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.holds", *tiny, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


def run_door(*arguments: str) -> "subprocess.CompletedProcess[str]":
    tiny = ("--seconds", "0.4", "--tickets", "60", "--connections", "2")
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.door", *tiny, *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=110,
    )


@pytest.mark.slow
class TestDoor:
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_is_measured_alone_and_in_a_sale(self, kind: str) -> None:
        done = run_door("--database", kind)

        assert done.returncode == 0, done.stdout + done.stderr
        for line in ("scans, 2 scanners, 1 worker", "scans in a sale", "manifest of 60 tickets"):
            assert line in done.stdout
        assert "WRONG" not in done.stdout


@pytest.mark.slow
class TestHolds:
    @pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
    def test_are_measured_beside_the_database_alone(self, kind: str) -> None:
        done = run_rush("--database", kind)

        assert done.returncode == 0, done.stdout + done.stderr
        for line in (
            "hold, one hot ticket type, 1 w., 20 past",
            "hold, 100 ticket types, 1 w., 20 past",
            "pay + verify, one hot event, 1 w., 20 past",
            "hold, in turns, 1 w., 20 past",
            "hold, in turns, 1 w., 200 past",
            "ten times as many past orders: ",
        ):
            assert line in done.stdout
        assert "WRONG" not in done.stdout


@pytest.mark.slow
class TestBenchmarks:
    @pytest.mark.parametrize(
        ("kind", "title"), [("sqlite", "SQLite, WAL"), ("postgresql", "PostgreSQL, fsync")]
    )
    def test_measure_every_scenario_without_a_wrong_answer(self, kind: str, title: str) -> None:
        done = run("--database", kind)

        assert done.returncode == 0, done.stdout + done.stderr
        assert title in done.stdout
        for line in LINES:
            assert line in done.stdout
        assert "WRONG" not in done.stdout

    def test_measure_only_what_is_asked_for(self) -> None:
        done = run("--database", "sqlite", "--only", "detail", "--log-requests")

        assert done.returncode == 0, done.stdout + done.stderr
        assert "event detail" in done.stdout
        assert "pay + verify" not in done.stdout

    def test_fail_when_an_answer_is_wrong(self) -> None:
        done = run("--database", "sqlite", "--only", "list", "--events", "10")

        assert done.returncode == 1
        assert "WRONG: the first of" in done.stdout


class TestDrawing:
    def test_prints_milliseconds_and_calls_a_second(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        drawing.main(["--seconds", "0.01"])

        lines = DRAWING.findall(capsys.readouterr().out)
        assert [about for about, _, _ in lines] == list(drawing.scenarios())
        for about, milliseconds, per_second in lines:
            rate = float(per_second.replace(",", ""))
            assert rate * float(milliseconds) == pytest.approx(1000, rel=0.1), about


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="only Linux lets a process choose its cores, and one core cannot be divided",
)
class TestCores:
    def test_are_left_to_one_worker_and_shared_by_several_with_all_that_runs(self) -> None:
        cores = len(os.sched_getaffinity(0))

        done = subprocess.run(
            [sys.executable, "-c", DIVIDING], cwd=ROOT, capture_output=True, text=True, check=True
        )

        assert done.stdout == f"1 {cores - 1} {cores - 1}\n2 {cores} {cores}\n"
