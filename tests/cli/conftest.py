import io
from collections.abc import Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.cli.commands import main
from app.cli.terminal import Terminal
from app.config import Settings


class FakeTerminal(Terminal):
    """A person who answers in order, and remembers what was asked out loud and what was not."""

    def __init__(self, *answers: str, piped: str = "") -> None:
        self._answers = list(answers)
        self._piped = piped
        self.asked: list[str] = []
        self.asked_secretly: list[str] = []

    def line(self, question: str) -> str:
        self.asked.append(question)
        return self._answers.pop(0)

    def secret(self, question: str) -> str:
        self.asked_secretly.append(question)
        return self._answers.pop(0)

    def piped_line(self) -> str:
        return self._piped


@dataclass(frozen=True)
class Outcome:
    """What a command said, and how it ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class CommandRunner:
    """Runs commands on the test's own settings."""

    settings: Settings

    def __call__(self, words: Sequence[str], terminal: Terminal | None = None) -> Outcome:
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            try:
                code = main(words, terminal=terminal, settings=lambda: self.settings)
            except SystemExit as ended:  # argparse's way out
                code = int(ended.code or 0)
        return Outcome(code, out.getvalue(), err.getvalue())


@pytest.fixture
def cli_settings(database_url: str, tmp_path: Path) -> Settings:
    return Settings(_env_file=None, var_dir=tmp_path / "var", database_url=database_url)


@pytest.fixture
def run(cli_settings: Settings) -> CommandRunner:
    return CommandRunner(cli_settings)
