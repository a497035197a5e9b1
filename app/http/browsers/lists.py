"""Pages of long lists, one behind the other."""

from typing import Annotated

from fastapi import Query

from app.domain.paging import LONGEST_CURSOR, Cursor, CursorInvalid

CursorInQuery = Annotated[str | None, Query(max_length=LONGEST_CURSOR)]


def place_behind(cursor: str | None, sort: str) -> Cursor | None:
    """Where a list goes on; an old bookmark leads to its beginning."""
    try:
        return Cursor.behind(cursor, sort=sort)
    except CursorInvalid:
        return None
