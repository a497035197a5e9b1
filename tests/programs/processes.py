"""Processes of the shop's programs: most are forked from one that has imported the shop.

To import the shop takes an interpreter two seconds, to fork it a tenth of one. What a process is to
others stays: it has memory, files and signals of its own, and dies alone.
"""

import gc
import multiprocessing
import os
import runpy
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final, Protocol

# All but `app.main`, which reads the settings; and what is otherwise imported at the first use.
IMPORTED: Final = (
    *("app.wiring.shop", "app.cli.commands", "app.http.protocol", "app.paystack_mock.simulator"),
    *("uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.websockets.auto"),
    *("anyio._backends._asyncio", "httpcore", "uvloop", __name__),
)

FORKING: Final = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(list(IMPORTED))


@dataclass(frozen=True, kw_only=True)
class Program:
    """A program to run as ``python -m MODULE WORDS``; its input is empty.

    ``folder`` is where, ``environment`` all it knows of this machine; what it says goes to the end
    of ``log``, and what it says on standard error to ``errors`` if that is given.
    """

    module: str
    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path
    errors: Path | None = None


class Process(Protocol):
    """What is used of `subprocess.Popen`."""

    pid: int

    def poll(self) -> int | None: ...
    def wait(self, timeout: float | None = None) -> int: ...
    def send_signal(self, sig: int) -> None: ...


class Forked:
    """A process that was forked from the one that has imported the shop."""

    def __init__(self, process: ForkServerProcess) -> None:
        assert process.pid is not None, "it was not started"
        self.pid = process.pid
        self._process = process

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired(self._process.name, timeout or 0)
        return code

    def send_signal(self, sig: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, sig)


def forked(program: Program) -> Process:
    process = FORKING.Process(target=_become, args=[program], daemon=True)
    process.start()
    return Forked(process)


def started_anew(program: Program) -> Process:
    """Started as people do it; needed where it starts processes, too."""
    with program.log.open("ab") as log, (program.errors or program.log).open("ab") as errors:
        return subprocess.Popen(
            [sys.executable, "-m", program.module, *program.words],
            cwd=program.folder,
            env=dict(program.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=errors,
            start_new_session=True,  # a group of its own, so that a signal reaches its workers
        )


def _become(program: Program) -> None:
    os.setsid()
    with program.log.open("ab") as log, (program.errors or program.log).open("ab") as errors:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(errors.fileno(), sys.stderr.fileno())
    os.chdir(program.folder)
    os.environ.clear()
    os.environ.update(program.environment)
    time.tzset()
    gc.freeze()  # nothing of what was imported is looked through again
    sys.argv = [program.module, *program.words]
    runpy.run_module(program.module, run_name="__main__", alter_sys=True)
