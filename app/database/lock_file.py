"""A lock between processes, waited for a bounded time."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import Busy, DatabaseUnavailable

if sys.platform != "win32":
    import fcntl


class FileLock:
    """A lock on a file, held by one process at a time; the system frees it when a process dies.

    SQLite's own busy timeout polls, ever less often, so later writers pass earlier ones; here the
    system wakes the next process. It only orders writers: SQLite still decides who may write.
    Threads of one process must take turns before they ask for it.

    The system's wait for a lock has no end. So a thread waits in the caller's place; a caller whose
    time is over leaves it waiting, and the next caller takes it over.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed = threading.Condition()
        self._is_waiting = self._is_wanted = False
        self._locked: int | None = None

    @contextmanager
    def held(self, *, within: float) -> Iterator[None]:
        """Hold the lock for the length of the block.

        Raises:
            Busy: another process held it for ``within`` seconds.
            DatabaseUnavailable: the file cannot be opened.
        """
        descriptor = self._acquire(within)
        try:
            yield
        finally:
            os.close(descriptor)

    def _acquire(self, within: float) -> int:
        with self._changed:
            if not self._is_waiting:
                descriptor = self._open()
                if _try_lock(descriptor):
                    return descriptor
                self._is_waiting = True
                threading.Thread(target=self._wait, args=(descriptor,), daemon=True).start()
            self._is_wanted = True
            self._changed.wait_for(lambda: self._locked is not None, within)
            self._is_wanted = False
            locked, self._locked = self._locked, None
        if locked is None:
            raise Busy
        return locked

    def _open(self) -> int:
        try:
            return os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600)
        except OSError as error:
            raise DatabaseUnavailable from error

    def _wait(self, descriptor: int) -> None:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        with self._changed:
            self._is_waiting = False
            if self._is_wanted:
                self._locked = descriptor
                self._changed.notify()
            else:
                os.close(descriptor)


def _try_lock(descriptor: int) -> bool:
    """Lock the file if no process has; tell whether it did."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
