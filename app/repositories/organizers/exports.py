"""Rows of exports that no list shows. They come in the order of their ids."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, TypeVar

from sqlalchemy import Row, Select, and_, bindparam, func, select

from app.domain.ids import EventId
from app.domain.money import Money
from app.domain.organizers.exports import ExportKind, LedgerRow, OrderRow
from app.domain.paging import Cursor, Page
from app.models.checkin.check_ins import CheckIn
from app.models.events.promo_codes import PromoCode
from app.models.orders.orders import Order, OrderItem
from app.models.payments.ledger import LedgerEntry
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.base import Repository, filled, table_of

T = TypeVar("T")

L: Final = table_of(LedgerEntry).c
ORDER: Final = table_of(Order).c
ITEM: Final = table_of(OrderItem).c
CODE: Final = table_of(PromoCode).c
U: Final = table_of(User).c

TICKETS: Final = (
    select(func.sum(ITEM.quantity))
    .where(and_(ITEM.order_id == ORDER.id, ITEM.event_id == ORDER.event_id))
    .scalar_subquery()
)
ORDERS: Final[Select[*tuple[Any, ...]]] = (
    select(
        ORDER.id.label("order_id"),
        ORDER.status,
        ORDER.placed_at,
        ORDER.closed_at,
        func.coalesce(ORDER.buyer_name, U.full_name).label("buyer_name"),
        U.username,
        U.email,
        func.coalesce(TICKETS, 0).label("tickets"),
        CODE.code.label("promo_code"),
        ORDER.discount_minor,
        ORDER.total_minor,
        ORDER.currency,
    )
    .join_from(table_of(Order), table_of(User), U.id == ORDER.buyer_id)
    .outerjoin(
        table_of(PromoCode), and_(CODE.id == ORDER.promo_code_id, CODE.event_id == ORDER.event_id)
    )
    .where(ORDER.event_id == bindparam("event_id"), ORDER.id > bindparam("after"))
    .order_by(ORDER.id)
)
COUNTED: Final = {
    ExportKind.ORDERS: ORDER,
    ExportKind.ATTENDEES: table_of(Ticket).c,
    ExportKind.CHECK_INS: table_of(CheckIn).c,
    ExportKind.LEDGER: L,
}
LEDGER: Final[Select[*tuple[Any, ...]]] = (
    select(L.id.label("entry_id"), L.at, L.posting, L.account, L.amount_minor, L.currency)
    .where(L.event_id == bindparam("event_id"), L.id > bindparam("after"))
    .order_by(L.id)
)


class ExportRepository(Repository):
    def orders(self, event_id: EventId, *, after: Cursor | None, limit: int) -> Page[OrderRow]:
        """One page of the event's orders, of every status."""
        found = [
            filled(
                OrderRow,
                row,
                discount=Money(row.discount_minor, row.currency),
                total=Money(row.total_minor, row.currency),
            )
            for row in self._rows(ORDERS, event_id, after, limit)
        ]
        return _page(found, limit, lambda row: row.order_id)

    def ledger(self, event_id: EventId, *, after: Cursor | None, limit: int) -> Page[LedgerRow]:
        """One page of what was posted for the event."""
        found = [
            filled(LedgerRow, row, amount=Money(row.amount_minor, row.currency))
            for row in self._rows(LEDGER, event_id, after, limit)
        ]
        return _page(found, limit, lambda row: row.entry_id)

    def count(self, kind: ExportKind, event_id: EventId) -> int:
        """How many rows the export has now."""
        of_event = COUNTED[kind].event_id == event_id
        return int(self._run(select(func.count()).where(of_event)).scalar_one())

    def _rows(
        self,
        statement: Select[*tuple[Any, ...]],
        event_id: EventId,
        after: Cursor | None,
        limit: int,
    ) -> Iterable[Row[*tuple[Any, ...]]]:
        last = after.id if after else 0
        return self._run(statement.limit(limit + 1), event_id=event_id, after=last)


def _page(found: Sequence[T], limit: int, key: Callable[[T], int]) -> Page[T]:
    """The page of what was found: one more than it has, if there is a next one."""
    items = found[:limit]
    is_last = len(found) <= limit
    return Page(items, None if is_last else Cursor("id", key(items[-1]), key(items[-1])))
