from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Executable,
    Integer,
    Select,
    bindparam,
    delete,
    exists,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from app.domain.errors import EventHasOrders, EventNotFound
from app.domain.events.lists import EventFilter
from app.domain.ids import EventId, OrganizationId
from app.domain.listings import EventListing, TicketTypeListing
from app.domain.paging import Cursor, EventSort, Page, page_by_id
from app.domain.text import sort_key
from app.models.events.events import BuyerPlaces, Event
from app.models.events.pictures import KeptPicture
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import Order
from app.repositories.base import Repository, filled, table_of
from app.repositories.events.event_filters import (
    CONDITIONS,
    conditions_of,
    values_of,
    with_words,
)
from app.repositories.organizers.memberships import O

E: Final = Event.__table__.c
T: Final = TicketType.__table__.c
P: Final = table_of(KeptPicture).c
L: Final = table_of(KeptPicture).alias("logo").c

WITH_PICTURE: Final = table_of(Event).outerjoin(table_of(KeptPicture), P.key == E.picture_key)
WITH_LOGO: Final = O.id.table.outerjoin(L.key.table, L.key == O.logo_key)

SORT_COLUMN: Final[dict[str, ColumnElement[Any]]] = {
    "date": E.starts_at,
    "price": E.price_minor,
    "title": E.title_key,
}

LISTING: Final[Select[*tuple[Any, ...]]] = select(
    E.id,
    E.created_by,
    E.organization_id,
    O.name.label("organization_name"),
    O.contact_email.label("organization_contact"),
    O.colour.label("organization_colour"),
    O.logo_key.label("organization_logo_key"),
    L.width.label("organization_logo_width"),
    L.height.label("organization_logo_height"),
    E.title,
    E.category,
    E.location,
    E.description,
    E.image_url,
    E.picture_key,
    E.picture_alt,
    P.width.label("picture_width"),
    P.height.label("picture_height"),
    E.starts_at,
    E.ends_at,
    E.all_day,
    E.time_zone,
    E.currency,
    E.price_minor,
    E.capacity.label("shared_capacity"),
    (E.held + E.sold).label("shared_taken"),
    E.max_per_buyer,
    E.refund_hours,
    E.doors_open_at,
    E.reentry,
    E.terms,
    E.cancelled_at,
    E.sales_paused_at,
    E.is_draft,
    E.version,
).join_from(WITH_PICTURE, WITH_LOGO, O.id == E.organization_id)

ONE: Final = LISTING.where(E.id == bindparam("event_id"))
PUBLISHED_ONE: Final = ONE.where(E.is_draft.is_(False))

TYPES: Final[Select[*tuple[Any, ...]]] = (
    select(
        T.id,
        T.event_id,
        T.name,
        T.price_minor,
        T.capacity,
        (T.held + T.sold).label("taken"),
        T.sales_open_at,
        T.sales_close_at,
        T.min_per_order,
        T.max_per_order,
        T.access_code,
    )
    .where(T.event_id.in_(bindparam("event_ids", expanding=True)))
    .order_by(T.event_id, T.id)
)

VISIBLE_TYPES: Final = TYPES.where(T.access_code.is_(None))

PLACES: Final = bindparam("places", type_=Integer)
FITS: Final = E.held + E.sold + PLACES <= E.capacity

COUNT: Final = (
    update(table_of(Event))
    .where(E.id == bindparam("event_id"), E.capacity.is_not(None))
    .returning(E.id)
)
HOLD: Final = COUNT.where(FITS).values(held=E.held + PLACES)
RELEASE: Final = COUNT.values(held=E.held - PLACES)
SELL_HELD: Final = COUNT.values(held=E.held - PLACES, sold=E.sold + PLACES)
SELL: Final = COUNT.where(FITS).values(sold=E.sold + PLACES)
UNSELL: Final = COUNT.values(sold=E.sold - PLACES)


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

    def listing(
        self, event_id: EventId, *, with_hidden: bool = False, with_drafts: bool = False
    ) -> EventListing:
        """The event as readers see it.

        Args:
            event_id: which one.
            with_hidden: also with ticket types that need a code.
            with_drafts: also if it is a draft, for those who may see it.

        Raises:
            EventNotFound: no event has this id, or it is a draft.
        """
        statement = ONE if with_drafts else PUBLISHED_ONE
        found = self._listings(statement, with_hidden=with_hidden, event_id=event_id)
        if not found:
            raise EventNotFound(event_id)
        return found[0]

    def _listings(
        self, statement: Executable, *, with_hidden: bool = False, **values: Any
    ) -> list[EventListing]:
        rows = self._run(statement, **values).all()
        if not rows:
            return []
        types: dict[EventId, list[TicketTypeListing]] = {row.id: [] for row in rows}
        wanted = TYPES if with_hidden else VISIBLE_TYPES
        for row in self._run(wanted, event_ids=list(types)):
            types[row.event_id].append(filled(TicketTypeListing, row))
        return [filled(EventListing, row, ticket_types=types[row.id]) for row in rows]

    def page(
        self,
        which: EventFilter,
        *,
        sort: EventSort,
        after: Cursor | None,
        limit: int,
        now: datetime,
    ) -> Page[EventListing]:
        """One page of events; equal sort values are ordered by id, so no row is met twice."""
        statement = _page(tuple(conditions_of(which)), sort, is_first=after is None)
        if which.words is not None:
            statement = statement.where(*with_words(which.words))
        values = values_of(which, now=now) | {"most": limit + 1}
        if after is not None:
            values |= {"after_value": after.value, "after_id": after.id}
        found = self._listings(statement, **values)
        items = found[:limit]
        if len(found) == len(items):
            return Page(items, None)
        last = items[-1]
        value: Any = {
            "date": last.starts_at,
            "price": last.price_minor,
            "title": sort_key(last.title),
        }[sort.field]
        return Page(items, Cursor(sort.value, value, last.id))

    def managed(
        self, organizations: Sequence[OrganizationId] | None, *, after: Cursor | None, limit: int
    ) -> Page[EventListing]:
        """One page of the organizations' events, the last created first; ``None``: of all."""
        statement = LISTING.order_by(E.id.desc()).limit(limit + 1)
        if organizations is not None:
            statement = statement.where(E.organization_id.in_(organizations))
        if after is not None:
            statement = statement.where(E.id < after.id)
        found = self._listings(statement, with_hidden=True)
        return page_by_id(found, limit, lambda event: event.id)

    def hold(self, event_id: EventId, quantity: int) -> bool:
        """Hold places against the capacity all types share; tell whether there are that many.

        An event without such a capacity counts nothing here.
        """
        return self._count(HOLD, event_id, quantity)

    def release(self, event_id: EventId, quantity: int) -> None:
        """Put held places back."""
        self._count(RELEASE, event_id, quantity)

    def sell_held(self, event_id: EventId, quantity: int) -> None:
        """Turn held places into sold ones."""
        self._count(SELL_HELD, event_id, quantity)

    def sell(self, event_id: EventId, quantity: int) -> bool:
        """Sell places that are not held, if that many are left; tell whether it did."""
        return self._count(SELL, event_id, quantity)

    def unsell(self, event_id: EventId, quantity: int) -> None:
        """Put sold places back."""
        self._count(UNSELL, event_id, quantity)

    def set_capacity(
        self, event_id: EventId, capacity: int | None, *, held: int, sold: int
    ) -> None:
        """Share this capacity among all types from now on, ``held`` and ``sold`` being taken.

        The caller has locked the types, so that no places are held or sold at the same time.
        """
        self._db.execute(
            update(Event)
            .where(Event.id == event_id)
            .values(capacity=capacity, held=held, sold=sold)
            .returning(Event)
            .execution_options(populate_existing=True)
        )

    def _count(self, statement: Executable, event_id: EventId, quantity: int) -> bool:
        return self._run(statement, event_id=event_id, places=quantity).scalar() is not None

    def has_orders(self, event_id: EventId) -> bool:
        return bool(self._db.scalar(select(exists().where(Order.event_id == event_id))))

    def delete(self, event_id: EventId) -> None:
        """Delete the event.

        Raises:
            EventHasOrders: a ticket was ordered at this moment.
        """
        try:
            self._db.execute(delete(BuyerPlaces).where(BuyerPlaces.event_id == event_id))
            self._db.execute(delete(TicketType).where(TicketType.event_id == event_id))
            self._db.execute(delete(Event).where(Event.id == event_id))
        except IntegrityError as error:
            raise EventHasOrders(event_id) from error


@lru_cache(maxsize=256)
def _page(names: tuple[str, ...], sort: EventSort, *, is_first: bool) -> Select[*tuple[Any, ...]]:
    """Reads a page of events that fulfil these conditions.

    Made once: to make it anew for each call costs a tenth of a list.
    """
    column: Any = SORT_COLUMN[sort.field]
    statement = LISTING.where(*(CONDITIONS[name] for name in names))
    if not is_first:
        place = tuple_(column, E.id)
        behind = tuple_(bindparam("after_value", type_=column.type), bindparam("after_id"))
        statement = statement.where(place < behind if sort.is_descending else place > behind)
    if sort.is_descending:
        statement = statement.order_by(column.desc(), E.id.desc())
    else:
        statement = statement.order_by(column, E.id)
    return statement.limit(bindparam("most", type_=Integer))
