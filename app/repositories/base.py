from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

REFRESHES: Final[Mapping[str, Any]] = {"synchronize_session": False, "populate_existing": True}
"""For an UPDATE that returns whole rows: objects read before then show what it wrote."""


class Repository:
    """The queries of one noun inside one transaction."""

    def __init__(self, session: Session) -> None:
        self._db = session

    def add(self, row: Any) -> None:
        """Insert the row now, so that it has its id and its constraints have been checked.

        Raises:
            IntegrityError: a constraint refuses it.
        """
        self.add_all([row])

    def add_all(self, rows: Sequence[Any]) -> None:
        """Insert the rows now, as ``add`` does."""
        self._db.add_all(rows)
        self._db.flush()


def broken_key(error: IntegrityError, *columns: str) -> str | None:
    """Which of the unique ``columns`` (``table.column``) the statement collided on."""
    diagnosis = getattr(error.orig, "diag", None)
    said = diagnosis.constraint_name or "" if diagnosis is not None else str(error.orig)
    for column in columns:
        if column in said or f"uq_{column.replace('.', '_')}" == said:
            return column
    return None
