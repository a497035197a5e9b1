"""The command line as its user runs it: ``python -m app.cli``, in a process of its own."""

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL
from tempfile import TemporaryDirectory
from typing import Final

from tests.programs.processes import Process, Program, forked, started_anew
from tests.programs.servers import settings_only

CLI: Final = "app.cli"
LONGEST: Final = timedelta(seconds=60)


@dataclass(frozen=True)
class Command:
    """A running command, and the files of what it says."""

    process: Process
    said: Path
    complained: Path

    def end(self) -> "subprocess.CompletedProcess[str]":
        """Wait until it has ended."""
        code = self.process.wait(LONGEST.total_seconds())
        return subprocess.CompletedProcess(
            (), code, self.said.read_text(), self.complained.read_text()
        )


@contextmanager
def running(
    *words: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    module: str = CLI,
    anew: bool = False,
) -> Iterator[Command]:
    """The command in ``folder``; it is killed when the block ends.

    Args:
        words: the command and its arguments.
        folder: its working directory.
        environment: its settings, all of them.
        module: the program, if it is another one.
        anew: import everything again, as people do who start it.
    """
    with TemporaryDirectory() as directory:
        said, complained = Path(directory, "out"), Path(directory, "err")
        complained.touch()
        program = Program(
            module=module,
            words=words,
            folder=folder,
            environment=settings_only(environment or {}),
            log=said,
            errors=complained,
        )
        process = started_anew(program) if anew else forked(program)
        try:
            yield Command(process, said, complained)
        finally:
            process.send_signal(SIGKILL)
            process.wait(LONGEST.total_seconds())


def run_alone(
    *words: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    module: str = CLI,
    anew: bool = False,
) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end; arguments as for `running`."""
    with running(
        *words, folder=folder, environment=environment, module=module, anew=anew
    ) as command:
        return command.end()
