from collections.abc import Sequence
from typing import Final

from sqlalchemy import Executable, Integer, bindparam, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError

from app.database.constraints import broken_key, unique_key
from app.domain.errors import (
    EventNotFound,
    SalesClosed,
    SalesPaused,
    TicketTypeNameTaken,
    TicketTypeNotFound,
)
from app.domain.events.schedules import Schedule
from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.orders import OrderTerms
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import OrderItem
from app.models.orders.waiting import WaitingEntry
from app.repositories.base import Repository, RowsOf, filled, table_of
from app.repositories.events.waiting_conditions import CAN_BE_SERVED

E: Final = Event.__table__.c
T: Final = TicketType.__table__.c
W: Final = WaitingEntry.__table__.c

TYPES: Final = RowsOf(TicketType)
NAME: Final = unique_key(TicketType, "event_id", "name_key")

TERMS: Final = select(
    E.title,
    E.currency,
    E.capacity.label("shared_capacity"),
    E.max_per_buyer,
    E.cancelled_at,
    E.sales_paused_at,
).where(E.id == bindparam("event_id"))

PLACES: Final = bindparam("places", type_=Integer)
FITS: Final = T.capacity.is_(None) | (T.held + T.sold + PLACES <= T.capacity)
IS_AWAITED: Final = (
    select(W.id)
    .join_from(table_of(WaitingEntry), table_of(Event), E.id == W.event_id)
    .where(W.ticket_type_id == T.id, W.event_id == T.event_id, CAN_BE_SERVED)
    .correlate(table_of(TicketType))
    .exists()
)
"""An entry of the waiting list can be served by the free places: it comes first."""

IS_PUBLISHED: Final = (
    select(E.id)
    .where(E.id == T.event_id, E.is_draft.is_(False))
    .correlate(table_of(TicketType))
    .exists()
)
"""No place of a draft can be held or sold."""

ON_OFFER: Final = (
    select(E.starts_at, E.ends_at, E.all_day, E.cancelled_at, E.sales_paused_at, *TYPES.columns)
    .join_from(table_of(TicketType), table_of(Event), E.id == T.event_id)
    .where(T.event_id == bindparam("of_event"), E.is_draft.is_(False))
    .order_by(T.id)
)

UPDATE: Final = (
    update(table_of(TicketType)).where(T.id == bindparam("type_id")).returning(T.price_minor)
)
HOLD_OUT_OF_LINE: Final = UPDATE.where(FITS, IS_PUBLISHED).values(held=T.held + PLACES)
HOLD: Final = HOLD_OUT_OF_LINE.where(~IS_AWAITED)
RELEASE: Final = UPDATE.values(held=T.held - PLACES)
SELL_HELD: Final = UPDATE.values(held=T.held - PLACES, sold=T.sold + PLACES)
SELL: Final = UPDATE.where(FITS, IS_PUBLISHED).values(sold=T.sold + PLACES)
UNSELL: Final = UPDATE.values(sold=T.sold - PLACES)


class TicketTypeRepository(Repository):
    def of_event(self, event_id: EventId) -> Sequence[TicketType]:
        """The event's ticket types in id order; none if there is no such event."""
        return self._db.scalars(
            select(TicketType).where(TicketType.event_id == event_id).order_by(TicketType.id)
        ).all()

    def on_offer(
        self, event_id: EventId, *, even_paused: bool = False
    ) -> tuple[Sequence[TicketType], Schedule]:
        """The event's ticket types in id order, to read from, and when it takes place.

        Raises:
            EventNotFound: no event has this id, or it is a draft.
            SalesClosed: it was cancelled.
            SalesPaused: its sales are paused, and that matters.
        """
        rows = self._run(ON_OFFER, of_event=event_id).all()
        if not rows:
            raise EventNotFound(event_id)
        if rows[0].cancelled_at is not None:
            raise SalesClosed(event_id)
        if rows[0].sales_paused_at is not None and not even_paused:
            raise SalesPaused(event_id)
        schedule = Schedule(rows[0].starts_at, rows[0].ends_at, rows[0].all_day)
        return [TYPES.one(row[5:]) for row in rows], schedule

    def terms(self, event_id: EventId) -> OrderTerms:
        """What orders for the event are subject to now.

        Read it behind a hold on one of its types: that row's lock keeps changes waiting.
        """
        return filled(OrderTerms, self._run(TERMS, event_id=event_id).one())

    def lock_of_event(self, event_id: EventId) -> Sequence[TicketType]:
        """The event's ticket types, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.
        """
        return self._db.scalars(
            select(TicketType)
            .where(TicketType.event_id == event_id)
            .order_by(TicketType.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        ).all()

    def save(self, *ticket_types: TicketType) -> None:
        """Write new or changed types now.

        Raises:
            TicketTypeNameTaken: the event has another one of this name.
        """
        try:
            self.add_all(ticket_types)
        except IntegrityError as error:
            if broken_key(error, NAME):
                raise TicketTypeNameTaken from error
            raise

    def delete(self, ticket_type: TicketType) -> None:
        self._db.execute(delete(TicketType).where(TicketType.id == ticket_type.id))

    def is_wanted(self, ticket_type_id: TicketTypeId) -> bool:
        """Whether it has orders, or entries of a waiting list."""
        ordered = exists().where(OrderItem.ticket_type_id == ticket_type_id)
        awaited = exists().where(WaitingEntry.ticket_type_id == ticket_type_id)
        return bool(self._db.scalar(select(ordered | awaited)))

    def lowest_price(self, event_id: EventId) -> int | None:
        """The lowest price of the types everybody can see, in minor units."""
        return self._db.scalar(
            select(func.min(TicketType.price_minor)).where(
                TicketType.event_id == event_id, TicketType.access_code.is_(None)
            )
        )

    def hold(
        self, ticket_type_id: TicketTypeId, quantity: int, *, skips_line: bool = False
    ) -> int | None:
        """Hold ``quantity`` places if that many are left; return the price of one, or ``None``.

        One conditional UPDATE: the database decides, so two buyers racing for the last place
        cannot both win, and no place of a draft is held. The price is read by the same statement,
        behind the row's lock. While an entry of the waiting list can be served, only that one gets
        places, with ``skips_line``.
        """
        statement = HOLD_OUT_OF_LINE if skips_line else HOLD
        return self._change(statement, ticket_type_id, quantity)

    def release(self, ticket_type_id: TicketTypeId, quantity: int) -> None:
        """Put held places back on sale."""
        self._change(RELEASE, ticket_type_id, quantity)

    def sell_held(self, ticket_type_id: TicketTypeId, quantity: int) -> None:
        """Turn held places into sold ones."""
        self._change(SELL_HELD, ticket_type_id, quantity)

    def sell(self, ticket_type_id: TicketTypeId, quantity: int) -> bool:
        """Sell places that are not held, if that many are left; tell whether it did."""
        return self._change(SELL, ticket_type_id, quantity) is not None

    def unsell(self, ticket_type_id: TicketTypeId, quantity: int) -> None:
        """Put sold places back on sale."""
        self._change(UNSELL, ticket_type_id, quantity)

    def set_capacity(self, ticket_type_id: TicketTypeId, capacity: int | None) -> bool:
        """Change the number of places, if no sold or held one is lost; tell whether it did."""
        enough = [] if capacity is None else [T.held + T.sold <= capacity]
        statement = UPDATE.where(*enough).values(capacity=capacity)
        return self._run(statement, type_id=ticket_type_id).scalar() is not None

    def get(self, event_id: EventId, ticket_type_id: TicketTypeId) -> TicketType:
        """One type of the event, locked as ``lock_of_event`` does.

        Raises:
            TicketTypeNotFound: the event has none with this id.
        """
        for ticket_type in self.lock_of_event(event_id):
            if ticket_type.id == ticket_type_id:
                return ticket_type
        raise TicketTypeNotFound(ticket_type_id)

    def _change(
        self, statement: Executable, ticket_type_id: TicketTypeId, quantity: int
    ) -> int | None:
        price_minor: int | None = self._run(
            statement, type_id=ticket_type_id, places=quantity
        ).scalar()
        return price_minor
