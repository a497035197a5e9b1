"""The driver's cursor without what SQLAlchemy looks at only once for each statement."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any, overload

from psycopg import Column, Cursor
from psycopg.pq import ExecStatus
from psycopg.rows import TupleRow


class LeanCursor(Cursor[TupleRow]):
    """Describes a result when somebody reads the description, not when somebody asks for it.

    SQLAlchemy asks after each statement whether there is one, and reads it of the first only; for
    wide rows, describing takes as long as fetching.
    """

    @property
    def description(self) -> Any:
        """The columns, or ``None`` for a statement that gives no rows."""
        result = self.pgresult
        if result is None or not (result.nfields or result.status == ExecStatus.TUPLES_OK):
            return None
        return _Columns(self)


class _Columns(Sequence[Column]):
    """The columns of a cursor's result at the time they are first read."""

    def __init__(self, cursor: Cursor[TupleRow]) -> None:
        self._cursor = cursor

    @cached_property
    def _read(self) -> Sequence[Column]:
        result = self._cursor.pgresult
        return [Column(self._cursor, at) for at in range(result.nfields if result else 0)]

    def __len__(self) -> int:
        return len(self._read)

    @overload
    def __getitem__(self, at: int) -> Column: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Column]: ...
    def __getitem__(self, at: int | slice) -> Column | Sequence[Column]:
        return self._read[at]

    def __iter__(self) -> Iterator[Column]:
        return iter(self._read)
