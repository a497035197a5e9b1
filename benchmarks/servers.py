"""The servers that are measured: real processes on a core of their own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from app.protocol import SERVER_FLAGS

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = timedelta(seconds=30)
STARTED, LISTENS = b"Application startup complete.", b"Uvicorn running on"


@dataclass(frozen=True)
class Cores:
    """Which core the measured server has, and which the rest; empty where cores cannot be chosen.

    The rest is the load generator, PostgreSQL and a Paystack in a process of its own.
    """

    server: frozenset[int] = frozenset()
    others: frozenset[int] = frozenset()

    @property
    def all(self) -> frozenset[int]:
        """What several workers share with the rest."""
        return self.server | self.others

    def divide(self, *, workers: int) -> None:
        """Leave a single worker its core; several share all cores with the rest, which moves there.

        To be called before the workers are started, by the process that drives them.
        """
        if not self.server:
            return
        for process_id in _family(os.getpid()):
            with suppress(ProcessLookupError):
                os.sched_setaffinity(process_id, self.others if workers == 1 else self.all)

    def __str__(self) -> str:
        if not self.server:
            return "no process is pinned to a core: they share what there is"
        others = ", ".join(map(str, sorted(self.others)))
        return (
            f"server alone on core {min(self.server)}; "
            f"load generator, PostgreSQL and a separate Paystack on core {others}"
        )


def share_cores() -> Cores:
    """Move this process off one core; children inherit that, so the core is the server's alone."""
    if not hasattr(os, "sched_getaffinity"):
        return Cores()
    first, *rest = sorted(os.sched_getaffinity(0))
    if not rest:
        return Cores()
    os.sched_setaffinity(0, rest)
    return Cores(frozenset({first}), frozenset(rest))


@contextmanager
def serve(
    app: str,
    *,
    port: int,
    settings: Mapping[str, str],
    folder: Path,
    cores: frozenset[int],
    workers: int = 1,
) -> Iterator[int]:
    """Run uvicorn as in production for the length of the block; gives its process id.

    Args:
        app: where the ASGI app is, as uvicorn takes it.
        port: on the loopback address.
        settings: environment variables on top of ``PATH``; the machine's own are left out.
        folder: what it writes and logs goes here; it is started there, so no ``.env`` is read.
        cores: where it may run; empty for anywhere.
        workers: processes that answer; more than one have a parent that only watches them.

    Raises:
        RuntimeError: it does not come up; the text ends with its log.
    """
    log = folder / f"{app.replace(':', '.')}.log"
    command = [sys.executable, "-m", "uvicorn", app, "--app-dir", str(ROOT)]
    command += ["--host", "127.0.0.1", "--port", str(port), "--loop", "uvloop"]
    command += [*SERVER_FLAGS, "--no-access-log", "--log-level", "info"]
    if workers > 1:
        command += ["--workers", str(workers)]
    environment = {"PATH": os.environ.get("PATH", os.defpath), **settings}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        if cores:
            os.sched_setaffinity(process.pid, cores)
        _wait_until_ready(process, log, workers)
        yield process.pid
    finally:
        _stop(process)


def cpu_seconds(process_id: int) -> float:
    """How long the process and its children have computed so far; 0 where that is not told."""
    return sum(map(_own_cpu_seconds, _family(process_id)))


def _own_cpu_seconds(process_id: int) -> float:
    try:
        stat = Path(f"/proc/{process_id}/stat").read_text()
    except OSError:
        return 0
    user, system = stat.rpartition(")")[2].split()[11:13]  # proc(5): fields 14 and 15
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def _family(process_id: int) -> Iterator[int]:
    """The process and all that descend from it, as far as that is told."""
    yield process_id
    with suppress(OSError):
        children = Path(f"/proc/{process_id}/task/{process_id}/children").read_text()
        for child in children.split():
            yield from _family(int(child))


def free_port() -> int:
    """A port nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait_until_ready(process: subprocess.Popen[bytes], log: Path, workers: int) -> None:
    """Wait until every worker says that it has started; the first alone would get all callers.

    A single one says so before it listens.
    """
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while process.poll() is None and time.monotonic() < deadline:
        said = log.read_bytes()
        if LISTENS in said and said.count(STARTED) >= workers:
            return
        time.sleep(0.05)
    raise RuntimeError(f"The server did not start:\n{log.read_text(errors='replace')[-3000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(PATIENCE.total_seconds())
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
