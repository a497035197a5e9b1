"""Holders of tickets: how many were admitted, and who they are."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, case, exists, func, or_, select

from app.domain.checkin.attendees import (
    AttendeeListing,
    DoorCounts,
    GateCount,
    HolderAtDoor,
    TypeCount,
)
from app.domain.checkin.doors import Verdict
from app.domain.ids import MAX_ID, EventId
from app.domain.paging import Cursor, Page, page_by_id
from app.domain.ports.machine import REFERENCE_PREFIX
from app.domain.states import TicketStatus
from app.domain.text import search_key
from app.domain.tickets.ticket_codes import CodeUnreadable, typed
from app.models.checkin.check_ins import CheckIn
from app.models.events.ticket_types import TicketType
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.base import Repository, filled

T: Final = Ticket.__table__.c
TYPE: Final = TicketType.__table__.c
U: Final = User.__table__.c
C: Final = CheckIn.__table__.c
P: Final = Payment.__table__.c

CHUNK: Final = 1000
"""Rows looked through at a time for a name: both databases compare letters differently."""

BY_TYPE: Final = (
    select(
        TYPE.name.label("ticket_type"),
        func.count(T.id).label("tickets"),
        func.count(T.used_at).label("admitted"),
        func.coalesce(func.sum(case((T.inside, 1), else_=0)), 0).label("inside"),
    )
    .join_from(
        TicketType.__table__,
        Ticket.__table__,
        and_(T.ticket_type_id == TYPE.id, T.event_id == TYPE.event_id),
    )
    .where(TYPE.event_id == bindparam("event_id"), T.status == TicketStatus.VALID)
    .group_by(TYPE.id, TYPE.name)
    .order_by(TYPE.id)
)
BY_GATE: Final = (
    select(C.gate, func.count(T.id).label("admitted"))
    .join_from(
        Ticket.__table__,
        CheckIn.__table__,
        and_(C.id == T.entry_id, C.event_id == T.event_id),
    )
    .where(T.event_id == bindparam("event_id"))
    .group_by(C.gate)
    .order_by(C.gate.is_(None), C.gate)
)
REFUSED: Final = select(func.count(C.id)).where(
    C.event_id == bindparam("event_id"), C.verdict == Verdict.REFUSED
)

ATTENDEES: Final[Select[*tuple[Any, ...]]] = (
    select(
        T.id.label("ticket_id"),
        TYPE.name.label("ticket_type"),
        T.attendee_name,
        U.full_name,
        U.username,
        U.email,
        T.order_id,
        T.status,
        T.used_at,
        T.revoked_at,
        T.inside,
        T.entry_id,
    )
    .join_from(
        Ticket.__table__,
        TicketType.__table__,
        and_(TYPE.id == T.ticket_type_id, TYPE.event_id == T.event_id),
    )
    .join(User.__table__, U.id == T.user_id)
    .where(T.event_id == bindparam("event_id"))
    .order_by(T.id)
)


class AttendeeRepository(Repository):
    def counts(self, event_id: EventId) -> DoorCounts:
        """How many came."""
        types = self._run(BY_TYPE, event_id=event_id).all()
        gates = self._run(BY_GATE, event_id=event_id)
        return DoorCounts(
            tickets=sum(row.tickets for row in types),
            inside=sum(int(row.inside) for row in types),
            admitted=sum(row.admitted for row in types),
            refused=self._run(REFUSED, event_id=event_id).scalar_one(),
            by_type=[filled(TypeCount, row) for row in types],
            by_gate=[filled(GateCount, row) for row in gates],
        )

    def page(
        self, event_id: EventId, *, words: str | None = None, after: Cursor | None, limit: int
    ) -> Page[AttendeeListing]:
        """One page of those with tickets, in the order of these, void ones too.

        ``words`` is a short code, a number of a ticket or an order, a payment's reference, or in
        any case part of a name or an e-mail address.
        """
        start = after.id if after else 0
        rows = self._first(event_id, words, after=start, limit=limit + 1)
        found = [filled(AttendeeListing, row) for row in rows]
        return page_by_id(found, limit, lambda holder: holder.ticket_id, sort="id")

    def at_door(self, event_id: EventId, words: str, *, limit: int) -> list[HolderAtDoor]:
        """The first of those whom these words fit, as in ``page``."""
        rows = self._first(event_id, words, after=0, limit=limit)
        return [filled(HolderAtDoor, row) for row in rows]

    def _first(
        self, event_id: EventId, words: str | None, *, after: int, limit: int
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        return list(islice(self._matching(event_id, words, after=after, limit=limit), limit))

    def _matching(
        self, event_id: EventId, words: str | None, *, after: int, limit: int
    ) -> Iterator[Row[*tuple[Any, ...]]]:
        fits: Callable[[Any], bool] = _any_attendee
        statement, size = ATTENDEES, limit
        if words is not None:
            exactly = _exactly(words)
            if exactly is not None:
                statement = statement.where(exactly)
            else:
                fits, size = _named(words), CHUNK
        while True:
            chunk = self._run(statement.where(T.id > after).limit(size), event_id=event_id).all()
            yield from filter(fits, chunk)
            if len(chunk) < size:
                return
            after = chunk[-1].ticket_id


def _exactly(words: str) -> Any:
    """The condition for a short code, a number or a reference; ``None`` if the words are none."""
    try:
        return T.code == typed(words)
    except CodeUnreadable:
        pass
    number = words.removeprefix("#")
    if number.isascii() and number.isdigit() and 0 < int(number) <= MAX_ID:
        return or_(T.id == int(number), T.order_id == int(number))
    if words.upper().startswith(REFERENCE_PREFIX):
        return exists().where(
            P.reference == words.upper(), P.order_id == T.order_id, P.event_id == T.event_id
        )
    return None


def _named(words: str) -> Callable[[Any], bool]:
    wanted = search_key(words).split()

    def fits(attendee: Any) -> bool:
        names = (attendee.attendee_name, attendee.full_name, attendee.username, attendee.email)
        text = search_key(*names)
        return all(word in text for word in wanted)

    return fits


def _any_attendee(_: Any) -> bool:
    return True
