from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, select, tuple_, update
from sqlalchemy.exc import IntegrityError

from app.domain.errors import EventHasOrders, EventNotFound
from app.domain.ids import EventId, TicketTypeId, UserId
from app.domain.listings import EventListing
from app.domain.paging import Cursor, EventSort, Page
from app.domain.text import name_key
from app.models.events import Event, TicketType
from app.models.orders import Order
from app.repositories.base import Repository

SORT_COLUMN = {
    "date": Event.starts_at,
    "price": Event.price_minor,
    "title": Event.title_key,
}

LISTING: Select[*tuple[Any, ...]] = select(
    Event.id,
    Event.organizer_id,
    Event.title,
    Event.category,
    Event.location,
    Event.description,
    Event.image_url,
    Event.starts_at,
    Event.ends_at,
    Event.time_zone,
    Event.currency,
    Event.price_minor,
    TicketType.capacity,
    TicketType.held + TicketType.sold,
    TicketType.sales_close_at,
).join(TicketType, TicketType.event_id == Event.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to list; ``None`` does not filter. The window of dates excludes its end."""

    category: str | None = None
    words: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    price_min_minor: int | None = None
    price_max_minor: int | None = None


class EventRepository(Repository):
    def get(self, event_id: EventId) -> Event:
        """The event.

        Raises:
            EventNotFound: no event has this id.
        """
        event = self._db.get(Event, event_id)
        if event is None:
            raise EventNotFound(event_id)
        return event

    def get_for(self, event_id: EventId, *, organizer_id: UserId | None) -> Event:
        """The event, if it is this organizer's; ``None`` means whoever's.

        Raises:
            EventNotFound: it is not, or there is none.
        """
        event = self.get(event_id)
        if organizer_id is not None and event.organizer_id != organizer_id:
            raise EventNotFound(event_id)
        return event

    def listing(self, event_id: EventId) -> EventListing:
        """The event as readers see it.

        Raises:
            EventNotFound: no event has this id.
        """
        row = self._db.execute(LISTING.where(Event.id == event_id)).one_or_none()
        if row is None:
            raise EventNotFound(event_id)
        return EventListing(*row)

    def page(
        self, which: EventFilter, *, sort: EventSort, after: Cursor | None, limit: int
    ) -> Page[EventListing]:
        """One page of events; equal sort values are ordered by id, so no row is met twice."""
        column: Any = SORT_COLUMN[sort.field]
        statement = LISTING.where(*_conditions(which))
        if after is not None:
            place, behind = tuple_(column, Event.id), tuple_(after.value, after.id)
            statement = statement.where(place < behind if sort.is_descending else place > behind)
        statement = _ordered(statement, column, sort).limit(limit + 1)
        found = [EventListing(*row) for row in self._db.execute(statement)]
        items = found[:limit]
        if len(found) == len(items):
            return Page(items, None)
        last = items[-1]
        value: Any = {
            "date": last.starts_at,
            "price": last.price_minor,
            "title": name_key(last.title)[:512],
        }[sort.field]
        return Page(items, Cursor(sort.value, value, last.id))

    def has_orders(self, event_id: EventId) -> bool:
        return bool(self._db.scalar(select(exists().where(Order.event_id == event_id))))

    def delete(self, event_id: EventId) -> None:
        """Delete the event.

        Raises:
            EventHasOrders: somebody ordered a ticket in this very moment.
        """
        try:
            self._db.execute(delete(TicketType).where(TicketType.event_id == event_id))
            self._db.execute(delete(Event).where(Event.id == event_id))
        except IntegrityError as error:
            raise EventHasOrders(event_id) from error


def _conditions(which: EventFilter) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if which.category is not None:
        wanted.append(Event.category_key == name_key(which.category))
    if which.words is not None:
        wanted += [
            Event.search_text.contains(word, autoescape=True)
            for word in name_key(which.words).split()
        ]
    if which.starts_from is not None:
        wanted.append(Event.starts_at >= which.starts_from)
    if which.starts_before is not None:
        wanted.append(Event.starts_at < which.starts_before)
    if which.price_min_minor is not None:
        wanted.append(Event.price_minor >= which.price_min_minor)
    if which.price_max_minor is not None:
        wanted.append(Event.price_minor <= which.price_max_minor)
    return wanted


def _ordered(
    statement: Select[*tuple[Any, ...]], column: Any, sort: EventSort
) -> Select[*tuple[Any, ...]]:
    if sort.is_descending:
        return statement.order_by(column.desc(), Event.id.desc())
    return statement.order_by(column, Event.id)


class TicketTypeRepository(Repository):
    def lock_of_event(self, event_id: EventId) -> TicketType:
        """The event's one ticket type, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.

        Raises:
            EventNotFound: no event has this id.
        """
        ticket_type = self._db.scalar(
            select(TicketType).where(TicketType.event_id == event_id).with_for_update()
        )
        if ticket_type is None:
            raise EventNotFound(event_id)
        return ticket_type

    def find_of_event(self, event_id: EventId) -> TicketType | None:
        return self._db.scalar(select(TicketType).where(TicketType.event_id == event_id))

    def hold(self, ticket_type_id: TicketTypeId, quantity: int) -> bool:
        """Hold ``quantity`` places if that many are left; tell whether it did.

        One conditional UPDATE: the database decides, so two buyers racing for the last place
        cannot both win.
        """
        return self._change(ticket_type_id, _fits(quantity), held=TicketType.held + quantity)

    def release(self, ticket_type_id: TicketTypeId, quantity: int) -> None:
        """Put held places back on sale."""
        self._change(ticket_type_id, held=TicketType.held - quantity)

    def sell_held(self, ticket_type_id: TicketTypeId, quantity: int) -> None:
        """Turn held places into sold ones."""
        self._change(
            ticket_type_id, held=TicketType.held - quantity, sold=TicketType.sold + quantity
        )

    def sell(self, ticket_type_id: TicketTypeId, quantity: int) -> bool:
        """Sell places that are not held, if that many are left; tell whether it did."""
        return self._change(ticket_type_id, _fits(quantity), sold=TicketType.sold + quantity)

    def set_capacity(self, ticket_type_id: TicketTypeId, capacity: int | None) -> bool:
        """Change the number of places, if no sold or held one is lost; tell whether it did."""
        enough = [] if capacity is None else [TicketType.held + TicketType.sold <= capacity]
        return self._change(ticket_type_id, *enough, capacity=capacity)

    def _change(
        self, ticket_type_id: TicketTypeId, *conditions: ColumnElement[bool], **values: Any
    ) -> bool:
        statement = (
            update(TicketType)
            .where(TicketType.id == ticket_type_id, *conditions)
            .values(**values)
            .returning(TicketType.id)
            .execution_options(synchronize_session=False)
        )
        return self._db.scalar(statement) is not None


def _fits(quantity: int) -> ColumnElement[bool]:
    no_limit = TicketType.capacity.is_(None)
    return no_limit | (TicketType.held + TicketType.sold + quantity <= TicketType.capacity)
