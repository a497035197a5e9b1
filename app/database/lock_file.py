"""A line for processes."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import Busy, DatabaseUnavailable

if sys.platform != "win32":
    import fcntl


class ProcessLine:
    """Lets one process at a time in; who dies inside is out.

    SQLite's own busy timeout looks again now and then, ever less often, and so is passed by those
    who come later; here the system wakes whoever waits. It is for order only: who may write SQLite
    still decides by itself. Threads of one process have to queue before it.

    The system's wait for a lock has no end. So a thread of its own waits, for the caller who gives
    up and for the next one, who takes over its place in the line.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._changed = threading.Condition()
        self._is_waiting = self._is_wanted = False
        self._entered: int | None = None

    @contextmanager
    def turn(self, *, within: float) -> Iterator[None]:
        """Be the only process inside for the length of the block.

        Raises:
            Busy: another process stayed inside for ``within`` seconds.
            DatabaseUnavailable: the file cannot be opened.
        """
        descriptor = self._enter(within)
        try:
            yield
        finally:
            os.close(descriptor)

    def _enter(self, within: float) -> int:
        with self._changed:
            if not self._is_waiting:
                descriptor = self._open()
                if _is_locked_by(descriptor):
                    return descriptor
                self._is_waiting = True
                threading.Thread(target=self._wait, args=(descriptor,), daemon=True).start()
            self._is_wanted = True
            self._changed.wait_for(lambda: self._entered is not None, within)
            self._is_wanted = False
            entered, self._entered = self._entered, None
        if entered is None:
            raise Busy
        return entered

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
                self._entered = descriptor
                self._changed.notify()
            else:
                os.close(descriptor)


def _is_locked_by(descriptor: int) -> bool:
    """Lock the file, if nobody has."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
