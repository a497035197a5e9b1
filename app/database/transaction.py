"""What the repositories of one unit of work share: a connection, and a session if one asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection
from sqlalchemy.orm import Session


class Transaction:
    """One connection in one transaction, and the objects that were read in it.

    A session costs as much as three statements over bare tables, so it is made for the first
    repository that wants one.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    @cached_property
    def session(self) -> Session:
        """For objects that write their changes by themselves."""
        if not self.connection.in_transaction():
            # A session ends what it began itself; this transaction ends with the unit of work.
            self.connection.begin()
        return Session(
            self.connection, expire_on_commit=False, join_transaction_mode="rollback_only"
        )

    @contextmanager
    def part(self) -> Iterator[None]:
        """Set a savepoint; an exception in the block goes back to it."""
        with self.session.begin_nested():
            # A session sets its savepoint when it is first asked for the connection, but bare
            # statements do not ask it.
            self.session.connection()
            yield

    def flush(self) -> None:
        """Write changed objects now."""
        if self._has_session:
            self.session.flush()

    def close(self) -> None:
        """Let go of the objects: they stay readable, and write nothing any more."""
        if self._has_session:
            self.session.close()

    @property
    def _has_session(self) -> bool:
        return "session" in self.__dict__
