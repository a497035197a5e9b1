"""Processes servers run in: most are forked from one that has imported the shop.

To import the shop takes an interpreter two seconds, to fork it a tenth of one. What a process is to
others stays: it has memory, files and signals of its own, and dies alone.
"""

import gc
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Final, Protocol

import uvicorn

# All but `app.main`, which reads the settings; and what is otherwise imported at the first use.
IMPORTED: Final = (
    *("app.wiring.shop", "app.http.protocol", "app.paystack_mock.simulator"),
    *("uvicorn.lifespan.on", "uvicorn.loops.auto", "uvicorn.protocols.websockets.auto"),
    *("anyio._backends._asyncio", "httpcore", "uvloop", __name__),
)

_FORKING: Final = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(list(IMPORTED))


@dataclass(frozen=True, kw_only=True)
class Start:
    """Words for uvicorn, and the folder, the whole environment and the log of its process."""

    words: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log_file: Path


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


def forked(start: Start) -> Process:
    process = _FORKING.Process(target=_serve, args=[start], daemon=True)
    process.start()
    return Forked(process)


def started_anew(start: Start) -> Process:
    """As people start it: ``python -m uvicorn``. Needed where it starts processes, too."""
    with start.log_file.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "uvicorn", *start.words],
            cwd=start.folder,
            env=dict(start.environment),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # a group of its own, so that a signal reaches its workers
        )


def _serve(start: Start) -> None:
    os.setsid()
    with start.log_file.open("ab") as log:
        os.dup2(log.fileno(), sys.stdout.fileno())
        os.dup2(log.fileno(), sys.stderr.fileno())
    os.chdir(start.folder)
    os.environ.clear()
    os.environ.update(start.environment)
    time.tzset()
    gc.freeze()  # nothing of what was imported is looked through again
    uvicorn.main.main(start.words, prog_name="uvicorn")
