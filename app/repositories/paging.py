"""Pages of lists in the order of a moment: ids do not tell an order, a database may mix them up.

Rows of one moment are in the order of their ids, so that no page meets a row twice.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import Select, tuple_

from app.domain.paging import Cursor, Page

S = TypeVar("S", bound=Select[*tuple[Any, ...]])
T = TypeVar("T")


def newest_first(statement: S, moment: Any, key: Any, *, after: Cursor | None, limit: int) -> S:
    """The rows of a page that begins behind the cursor, and one more.

    ``moment`` and ``key`` are the columns that order the list.
    """
    if after is not None:
        statement = statement.where(tuple_(moment, key) < tuple_(after.value, after.id))
    return statement.order_by(moment.desc(), key.desc()).limit(limit + 1)


def oldest_first(statement: S, moment: Any, key: Any, *, after: Cursor | None, limit: int) -> S:
    """As ``newest_first``, in the opposite order."""
    if after is not None:
        statement = statement.where(tuple_(moment, key) > tuple_(after.value, after.id))
    return statement.order_by(moment, key).limit(limit + 1)


def page_of(
    found: Sequence[T], limit: int, place: Callable[[T], tuple[datetime, int]], *, sort: str
) -> Page[T]:
    """The page of what was found, and where the next one begins.

    Args:
        found: one more than the page has, if there is a next one.
        limit: how many the page has at most.
        place: tells an item's moment and id.
        sort: ``NEWEST_FIRST`` or ``OLDEST_FIRST``.
    """
    items = found[:limit]
    return Page(items, Cursor(sort, *place(items[-1])) if len(found) > limit else None)
