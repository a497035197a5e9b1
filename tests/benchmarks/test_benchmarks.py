"""The benchmark runs and every answer it gets is right; how fast is no test's business."""

from pathlib import Path

import pytest

from benchmarks import __main__ as benchmarks
from benchmarks.client import Measurement
from benchmarks.scenarios import SCENARIOS
from benchmarks.shops import open_shop

ROOT = Path(__file__).resolve().parents[2]
TINY = ("--seconds", "0.05", "--events", "41", "--tickets", "10", "--connections", "2")


class TestBenchmarks:
    @pytest.mark.slow
    def test_compare_every_scenario_without_a_wrong_answer(
        self, capsys: pytest.CaptureFixture[str], tmp_path: Path
    ) -> None:
        options = benchmarks.parse(["--turns", "1", *TINY])
        url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
        with open_shop(ROOT, url, options) as shop:
            clean = [benchmarks.compare(one, [shop, shop], options) for one in SCENARIOS.values()]

        printed = capsys.readouterr().out
        assert all(clean), printed
        for scenario in SCENARIOS.values():
            assert f"{scenario.about} " in printed
            assert f"{scenario.about} (other) " in printed
        assert "pay + verify, beside it " in printed
        assert printed.count("    this: ") == len(SCENARIOS)

    @pytest.mark.slow
    @pytest.mark.postgresql
    def test_measure_on_postgresql(self, capsys: pytest.CaptureFixture[str]) -> None:
        code = benchmarks.main(["--database", "postgresql", "--only", "holds", *TINY])

        assert code == 0, capsys.readouterr().out

    @pytest.mark.parametrize(
        ("seen", "why"),
        [
            (Measurement(durations=[0.1], failures=["409: sold out"]), "409: sold out"),
            (Measurement(), "nothing was done"),
        ],
        ids=["refused", "idle"],
    )
    def test_tell_what_was_wrong(
        self, seen: Measurement, why: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert not benchmarks.print_row("hold", [seen])

        assert f"WRONG: {why}" in capsys.readouterr().out
