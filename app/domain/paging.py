"""Keyset paging: a page starts behind the last row of the one before, not at a count of rows."""

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Generic, TypeVar

from app.domain.errors import Invalid
from app.domain.ids import MAX_ID
from app.domain.text import is_one_line

T = TypeVar("T")
U = TypeVar("U")


LONGEST_CURSOR: Final = 2000
"""Characters a list takes back. Four thirds of the longest sort value's bytes and some 40 more."""


NEWEST_FIRST: Final = "-date"
OLDEST_FIRST: Final = "date"
"""Sorts of lists that have one only."""


class CursorInvalid(Invalid):
    title = "The cursor is not of this list."

    def __init__(self) -> None:
        super().__init__(
            "Use a cursor from a Link header of this list, with the same sort.",
            errors=[
                {"pointer": "/cursor", "detail": "is not a cursor of this list", "in": "query"}
            ],
        )


class EventSort(StrEnum):
    """What a list of events is ordered by; a leading ``-`` turns the order round."""

    DATE = "date"
    DATE_DESCENDING = "-date"
    PRICE = "price"
    PRICE_DESCENDING = "-price"
    TITLE = "title"
    TITLE_DESCENDING = "-title"

    @property
    def is_descending(self) -> bool:
        return self.value.startswith("-")

    @property
    def field(self) -> str:
        return self.value.removeprefix("-")


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place in a list behind one row: the row's sort value and its id."""

    sort: str
    value: datetime | int | str
    id: int

    def encode(self) -> str:
        """The cursor as a client carries it: opaque, safe in a URL."""
        value = self.value.isoformat() if isinstance(self.value, datetime) else self.value
        packed = json.dumps([self.sort, value, self.id], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    @classmethod
    def behind(cls, text: str | None, *, sort: str) -> "Cursor | None":
        """Where the page wanted begins: at the cursor, or without one at the list's beginning.

        Raises:
            CursorInvalid: the text is not a cursor given out for the same ``sort``.
        """
        return cls.decode(text, sort=sort) if text else None

    @classmethod
    def decode(cls, text: str, *, sort: str) -> "Cursor":
        """Read a cursor given out for the same ``sort``.

        Raises:
            CursorInvalid: it is anything else.
        """
        try:
            sorted_by, value, row_id = json.loads(base64.urlsafe_b64decode(text + "=="))
            if sorted_by != sort or type(row_id) is not int or not 0 < row_id <= MAX_ID:
                raise CursorInvalid
            return cls(sort, _value_for(sort, value), row_id)
        except (ValueError, TypeError, binascii.Error, RecursionError) as error:
            raise CursorInvalid from error


def _value_for(sort: str, value: object) -> datetime | int | str:
    match sort.removeprefix("-"), value:
        case "date", str():
            moment = datetime.fromisoformat(value)
            if moment.tzinfo is not None:
                return moment
        case (("price" | "id"), int()) if type(value) is int and 0 <= value <= MAX_ID:
            return value
        case "title", str() if is_one_line(value):
            return value
    raise CursorInvalid


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, and where the next ones start, if there are any."""

    items: Sequence[T]
    next: Cursor | None

    def of(self, shown: Callable[[T], U]) -> "Page[U]":
        """The same page with what each item is shown as."""
        return Page([shown(item) for item in self.items], self.next)


def page_by_id(
    found: Sequence[T], limit: int, key: Callable[[T], int], *, sort: str = "-id"
) -> Page[T]:
    """The page of what was found in the order of ids: one more than it has, if there is a next."""
    if len(found) <= limit:
        return Page(found, None)
    last = key(found[limit - 1])
    return Page(found[:limit], Cursor(sort, last, last))
