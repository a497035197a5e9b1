"""Processes that lay out databases when told to."""

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.programs.processes import FORKING


class Migrator:
    """A process that lays out databases when told to.

    Being told the URL lets several begin in the same moment, which starting processes never do.
    """

    def __init__(self) -> None:
        self._line, self._its_end = FORKING.Pipe()
        self._process = FORKING.Process(target=_lay_out, args=[self._its_end], daemon=True)

    def hear(self) -> str:
        """Its next word; `EOFError` when it has died."""
        word: str = self._line.recv()
        return word

    def begin(self, url: str) -> None:
        self._line.send(url)

    @contextmanager
    def running(self) -> Iterator["Migrator"]:
        self._process.start()
        self._its_end.close()
        try:
            yield self
        finally:
            self._process.kill()
            self._process.join()
            self._line.close()


def _lay_out(line: Connection) -> None:
    """Lay out every database whose URL comes, as a worker does on start."""
    line.send("ready")
    while True:
        database = Database(line.recv())
        migrate(database)
        database.close()
        line.send("done")
