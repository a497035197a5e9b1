"""A line for processes."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.domain.errors import DatabaseUnavailable

if sys.platform != "win32":
    import fcntl


@contextmanager
def in_line(file: Path) -> Iterator[None]:
    """Wait until no other process is inside, for the length of the block; whoever dies is out.

    SQLite's own busy timeout looks again now and then, ever less often, and so is passed by those
    who come later; here the system wakes whoever waits. It is for order only: who may write SQLite
    still decides by itself. Threads of one process have to queue before it.

    Raises:
        DatabaseUnavailable: the file cannot be opened.
    """
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_RDWR, 0o600)
    except OSError as error:
        raise DatabaseUnavailable from error
    try:
        if sys.platform != "win32":
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
