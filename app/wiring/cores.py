"""A core of its own for each worker process, where the settings ask for it.

Python runs one thread of a process at a time. Spread over several cores, its threads wake each
other from one core to the next for each trip to the database, and a process uses up to a third more
of the machine for the same work: see docs/decisions/0019.
"""

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import structlog

log = structlog.get_logger(__name__)

NAME: Final = "\0event-ticketing-core-%d"
"""Who holds the Unix socket of this abstract name has the core. The kernel takes it back from a
process that ends, however it ends, and no file is left."""

THREADS: Final = Path("/proc/self/task")


@contextmanager
def own_core(*, wanted: bool) -> Iterator[None]:
    """If wanted, keep this process on the first core that no other worker of the machine has.

    It goes back to all of them at the end. Where no core is free, or the system lets nobody choose,
    nothing is changed and the log says so.
    """
    if not wanted:
        yield
        return
    if not hasattr(os, "sched_setaffinity"):
        log.warning("worker_not_pinned", reason="this system does not let a process choose")
        yield
        return
    allowed = os.sched_getaffinity(0)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as claim:
        core = next((core for core in sorted(allowed) if _take(claim, core)), None)
        if core is None:
            log.warning("worker_not_pinned", reason="each core has a worker already")
            yield
            return
        _stay_on({core})
        log.info("worker_pinned", core=core)
        try:
            yield
        finally:
            _stay_on(allowed)


def _take(claim: socket.socket, core: int) -> bool:
    try:
        claim.bind(NAME % core)
    except OSError:
        return False
    return True


def _stay_on(cores: set[int]) -> None:
    """Have all threads run there; later ones inherit it from the one that starts them."""
    for thread in THREADS.iterdir():
        try:
            os.sched_setaffinity(int(thread.name), cores)
        except ProcessLookupError:  # it ended meanwhile
            continue
