"""Entries of a waiting list as the organizer sees them, and which of them are listed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, func, or_

from app.domain.orders.waiting import WaitingFilter
from app.domain.states import WaitingState
from app.domain.text import address_key, name_key
from app.models.orders.waiting import WaitingEntry
from app.models.users.users import User
from app.repositories.orders.event_orders import has_words

OPEN: Final = (WaitingState.WAITING, WaitingState.OFFERED)
NAME: Final = func.coalesce(WaitingEntry.buyer_name, User.full_name)


@dataclass(frozen=True, slots=True)
class Waiter:
    """An entry, who waits, and as the how manieth (``None`` once they wait no more).

    ``offered_at`` and ``offer_expires_at`` are of the order that holds what was offered, if any.
    """

    entry: WaitingEntry
    username: str
    full_name: str | None
    email: str
    offered_at: datetime | None
    offer_expires_at: datetime | None
    place_in_line: int | None


def conditions(which: WaitingFilter) -> Iterator[ColumnElement[bool]]:
    """What the rows of such entries fulfil."""
    yield (
        WaitingEntry.state.in_(OPEN)
        if which.state is None
        else and_(WaitingEntry.state == which.state, WaitingEntry.state != WaitingState.UNCONFIRMED)
    )
    if which.words is not None:
        yield or_(
            User.username_key.contains(name_key(which.words), autoescape=True),
            User.email_key.contains(address_key(which.words), autoescape=True),
            has_words(NAME, which.words),
        )
