from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import aliased

from app.domain.checkin.doors import DOORS_CLOSE_AFTER
from app.domain.errors import WaitingEntryNotFound
from app.domain.ids import EventId, OrderId, TicketTypeId, UserId, WaitingEntryId
from app.domain.money import MAXIMUM_CHARGE_MINOR
from app.domain.orders.waiting import WaitingEnd, WaitingFilter
from app.domain.paging import OLDEST_FIRST, Cursor, Page
from app.domain.states import OrderStatus, WaitingState
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import Order
from app.models.orders.waiting import WaitingEntry
from app.models.users.users import User
from app.repositories.base import Repository, filled, table_of
from app.repositories.events.waiting_conditions import (
    CAN_BE_SERVED,
    IS_DISABLED,
    IS_WAITING,
    SELLS_UNTIL,
)
from app.repositories.orders.waiters import NAME, Waiter, conditions

W: Final = WaitingEntry.__table__.c
T: Final = TicketType.__table__.c
E: Final = Event.__table__.c
U: Final = User.__table__.c

CLOSE: Final = (
    update(table_of(WaitingEntry))
    .where(W.order_id == bindparam("of_order"), W.state == WaitingState.OFFERED)
    .values(state=bindparam("new_state"))
)

WAITS: Final = (
    select(W.id)
    .join_from(
        table_of(WaitingEntry),
        table_of(TicketType),
        and_(T.id == W.ticket_type_id, T.event_id == W.event_id),
    )
    .join(table_of(Event), E.id == W.event_id)
)
SERVED: Final = WAITS.where(CAN_BE_SERVED)
LINES: Final = (
    SERVED.with_only_columns(W.event_id, W.ticket_type_id)
    .where(E.sales_paused_at.is_(None))
    .group_by(W.event_id, W.ticket_type_id)
    .order_by(func.min(W.joined_at), W.ticket_type_id)
    .limit(bindparam("most"))
)
FIRST: Final = (
    SERVED.where(W.ticket_type_id == bindparam("of_type")).order_by(W.joined_at, W.id).limit(1)
)

OVER: Final = or_(
    func.coalesce(T.sales_close_at, SELLS_UNTIL) <= bindparam("now", type_=E.starts_at.type),
    E.ends_at <= bindparam("now", type_=E.starts_at.type),
    and_(
        E.ends_at.is_(None),
        E.starts_at <= bindparam("begun_before", type_=E.starts_at.type),
    ),
)
"""The sale has ended for good, as ``TicketType.is_on_sale`` tells. One that pauses has not."""

NEVER: Final[Mapping[WaitingEnd, ColumnElement[bool]]] = {
    WaitingEnd.ACCOUNT_DISABLED: IS_DISABLED,
    WaitingEnd.EVENT_CANCELLED: E.cancelled_at.is_not(None),
    WaitingEnd.SALE_OVER: OVER,
    WaitingEnd.HIDDEN: T.access_code.is_not(None),
    WaitingEnd.TOO_FEW_PLACES: or_(W.quantity > T.capacity, W.quantity > E.capacity),
    WaitingEnd.QUANTITY_NOT_ALLOWED: or_(
        W.quantity > T.max_per_order,
        W.quantity < T.min_per_order,
        W.quantity * T.price_minor > MAXIMUM_CHARGE_MINOR,
    ),
    WaitingEnd.BUYER_LIMIT: W.quantity > E.max_per_buyer,
}
ENDS: Final = case(*((rule, literal(end, W.ended_because.type)) for end, rule in NEVER.items()))
IMPOSSIBLE: Final = (
    WAITS.with_only_columns(W.id, ENDS.label("why"))
    .where(IS_WAITING, ENDS.is_not(None))
    .order_by(W.id)
    .limit(bindparam("most"))
)
"""Entries that can never be served, and why."""


class WaitingRepository(Repository):
    def find_open(self, ticket_type_id: TicketTypeId, user_id: UserId) -> WaitingEntry | None:
        """The user's entry that is waiting or has an offer."""
        return self._db.scalar(
            select(WaitingEntry).where(
                WaitingEntry.ticket_type_id == ticket_type_id,
                WaitingEntry.user_id == user_id,
                WaitingEntry.state.in_((WaitingState.WAITING, WaitingState.OFFERED)),
            )
        )

    def of_user(self, user_id: UserId) -> Sequence[WaitingEntry]:
        return self._db.scalars(
            select(WaitingEntry)
            .where(WaitingEntry.user_id == user_id)
            .order_by(WaitingEntry.joined_at.desc(), WaitingEntry.id.desc())
            .limit(100)
        ).all()

    def get(self, entry_id: WaitingEntryId) -> WaitingEntry:
        """The entry of this number.

        Raises:
            WaitingEntryNotFound: there is none, or none any more.
        """
        return self._get(WaitingEntry, entry_id, WaitingEntryNotFound(entry_id))

    def find(self, entry_id: WaitingEntryId) -> WaitingEntry | None:
        """The entry of this number, if there is one."""
        return self._db.get(WaitingEntry, entry_id)

    def get_for(self, entry_id: WaitingEntryId, *, user_id: UserId) -> WaitingEntry:
        """An entry of this user.

        Raises:
            WaitingEntryNotFound: there is none, or it is another account's.
        """
        return self._one(entry_id, WaitingEntry.user_id == user_id)

    def get_of_event(self, entry_id: WaitingEntryId, *, event_id: EventId) -> WaitingEntry:
        """An entry of this event's waiting list.

        Raises:
            WaitingEntryNotFound: there is none, or it is of another event.
        """
        return self._one(entry_id, WaitingEntry.event_id == event_id)

    def _one(self, entry_id: WaitingEntryId, whose: ColumnElement[bool]) -> WaitingEntry:
        entry = self._db.scalar(select(WaitingEntry).where(WaitingEntry.id == entry_id, whose))
        if entry is None:
            raise WaitingEntryNotFound(entry_id)
        return entry

    def place_in_line(self, entry: WaitingEntry) -> int:
        """How many wait before this entry, and one."""
        place = select(_place_in_line()).where(WaitingEntry.id == entry.id)
        return int(self._db.scalar(place) or 0)

    def lines(self, *, limit: int) -> Sequence[tuple[EventId, TicketTypeId]]:
        """Ticket types with free places that serve an entry of the waiting list, unless paused."""
        return [(row.event_id, row.ticket_type_id) for row in self._run(LINES, most=limit)]

    def first(self, ticket_type_id: TicketTypeId) -> WaitingEntry | None:
        """Whose turn it is: the first whom the free places would do for."""
        entry_id = self._run(FIRST, of_type=ticket_type_id).scalar()
        return None if entry_id is None else self._db.get_one(WaitingEntry, entry_id)

    def impossible(
        self, *, now: datetime, limit: int
    ) -> Sequence[tuple[WaitingEntryId, WaitingEnd]]:
        """Entries that can never be served any more, and why."""
        rows = self._run(IMPOSSIBLE, now=now, begun_before=now - DOORS_CLOSE_AFTER, most=limit)
        return [(row.id, row.why) for row in rows]

    def offers_to_disabled(self, *, beyond: datetime, limit: int) -> Sequence[OrderId]:
        """Pending orders held longer than that for accounts on waiting lists that are disabled."""
        return self._db.scalars(
            select(Order.id)
            .join(
                WaitingEntry,
                and_(WaitingEntry.order_id == Order.id, WaitingEntry.event_id == Order.event_id),
            )
            .where(
                WaitingEntry.state == WaitingState.OFFERED,
                IS_DISABLED,
                Order.status == OrderStatus.PENDING,
                Order.expires_at > beyond,
            )
            .order_by(Order.id)
            .limit(limit)
        ).all()

    def of_event(
        self, event_id: EventId, which: WaitingFilter, *, after: Cursor | None, limit: int
    ) -> Page[Waiter]:
        """One page of the event's waiting list, oldest first."""
        statement = (
            select(
                WaitingEntry,
                User.username,
                NAME.label("full_name"),
                User.email,
                Order.placed_at.label("offered_at"),
                Order.expires_at.label("offer_expires_at"),
                _place_in_line().label("place_in_line"),
            )
            .join(User, User.id == WaitingEntry.user_id)
            .outerjoin(
                Order,
                and_(Order.id == WaitingEntry.order_id, Order.event_id == WaitingEntry.event_id),
            )
            .where(WaitingEntry.event_id == event_id, *conditions(which))
        )
        moment, key = WaitingEntry.joined_at, WaitingEntry.id
        page = self._page(statement, moment, key, after=after, limit=limit, sort=OLDEST_FIRST)
        return page.of(
            lambda row: filled(
                Waiter,
                row,
                entry=row.WaitingEntry,
                place_in_line=row.place_in_line if row.WaitingEntry.is_waiting else None,
            )
        )

    def move(
        self,
        entry_id: WaitingEntryId,
        *,
        from_: WaitingState,
        to: WaitingState,
        **values: OrderId | WaitingEnd,
    ) -> bool:
        """Change the entry's state if it still is ``from_``; tell whether it did.

        ``values`` are what else changes with it, by column.
        """
        statement = (
            update(WaitingEntry)
            .where(WaitingEntry.id == entry_id, WaitingEntry.state == from_)
            .values(state=to, **values)
            .returning(WaitingEntry)
            .execution_options(populate_existing=True)
        )
        return self._db.scalar(statement) is not None

    def close_of_order(self, order_id: OrderId, *, to: WaitingState) -> None:
        """Say how the offer that led to this order ended, if one did."""
        self._run(CLOSE, of_order=order_id, new_state=to)


def _place_in_line() -> ScalarSelect[int]:
    """Of each entry that is selected: how many wait before it, and one."""
    before = aliased(WaitingEntry)
    return (
        select(func.count() + 1)
        .where(
            before.ticket_type_id == WaitingEntry.ticket_type_id,
            before.state == WaitingState.WAITING,
            tuple_(before.joined_at, before.id) < tuple_(WaitingEntry.joined_at, WaitingEntry.id),
        )
        .scalar_subquery()
    )
