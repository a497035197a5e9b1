from pathlib import Path

import pytest

from app.cli.commands import main
from tests.cli.conftest import CommandRunner
from tests.programs.commands import run_alone
from tests.programs.servers import ROOT

COMMANDS = ("demo", "samples", "create-admin", "set-role", "migrate", "work", "audit", "reconcile")


class TestMain:
    @pytest.mark.slow
    def test_lists_every_command(self, tmp_path: Path) -> None:
        listed = run_alone("--help", folder=tmp_path, anew=True)

        assert listed.returncode == 0
        for name in COMMANDS:
            assert f"\n    {name}" in listed.stdout

    @pytest.mark.parametrize("name", COMMANDS)
    def test_explains_each_command(self, name: str, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(SystemExit) as ended:
            main([name, "--help"])

        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: python -m app.cli {name}")

    @pytest.mark.slow
    def test_says_in_words_what_is_wrong_with_the_settings(self, tmp_path: Path) -> None:
        settings = {"ENVIRONMENT": "production", "HOLD_FOR": "never"}

        ended = run_alone("migrate", folder=tmp_path, environment=settings)

        assert ended.returncode == 1
        assert "HOLD_FOR:" in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_asks_nobody_when_nobody_is_there(self, tmp_path: Path) -> None:
        ended = run_alone("create-admin", folder=tmp_path)

        assert ended.returncode == 1
        assert "no terminal is there to answer 'E-mail address:'" in ended.stderr

    def test_needs_a_command(self, tmp_path: Path) -> None:
        assert run_alone(folder=tmp_path).returncode == 2

    @pytest.mark.slow
    def test_starts_from_any_folder(self, tmp_path: Path) -> None:
        assert ROOT not in tmp_path.parents
        assert run_alone("migrate", folder=tmp_path).returncode == 0


class TestMigrate:
    @pytest.mark.slow
    def test_brings_an_empty_database_up_to_date(self, tmp_path: Path) -> None:
        quiet = {"LOG_LEVEL": "WARNING"}

        first = run_alone("migrate", folder=tmp_path, environment=quiet)
        second = run_alone("migrate", folder=tmp_path, environment=quiet)

        assert (first.returncode, second.returncode) == (0, 0)
        assert first.stdout == second.stdout
        assert "up to date (revision 0" in first.stdout
        assert (tmp_path / "var" / "ticketing.sqlite3").exists()

    def test_changes_nothing_about_one_that_is(self, run: CommandRunner) -> None:
        outcome = run(["migrate"])

        assert outcome.code == 0
        assert "up to date (revision 0" in outcome.out
