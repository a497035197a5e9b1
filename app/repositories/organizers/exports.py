"""Rows of exports that no list shows. They come in the order of their ids."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sqlalchemy import Row, Select, and_, bindparam, func, select

from app.domain.ids import EventId
from app.domain.money import Money
from app.domain.organizers.exports import ExportKind, LedgerRow, OrderRow
from app.domain.organizers.reports import SaleKind
from app.domain.paging import Cursor, Page, page_by_id
from app.models.checkin.check_ins import CheckIn
from app.models.events.promo_codes import PromoCode
from app.models.orders.orders import Order, OrderItem
from app.models.payments.disputes import Dispute
from app.models.payments.ledger import LedgerEntry
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.base import Repository, filled, table_of
from app.repositories.organizers.reports import KIND
from app.repositories.payments.refunds import REFUNDED_OF_TICKET

L: Final = table_of(LedgerEntry).c
ORDER: Final = table_of(Order).c
ITEM: Final = table_of(OrderItem).c
CODE: Final = table_of(PromoCode).c
U: Final = table_of(User).c
T: Final = table_of(Ticket).c
P: Final = table_of(Payment).c
R: Final = table_of(Refund).c
D: Final = table_of(Dispute).c

TICKETS: Final = (
    select(func.sum(ITEM.quantity))
    .where(and_(ITEM.order_id == ORDER.id, ITEM.event_id == ORDER.event_id))
    .scalar_subquery()
)
REFUNDED: Final = (
    select(func.sum(REFUNDED_OF_TICKET))
    .where(and_(T.order_id == ORDER.id, T.event_id == ORDER.event_id))
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
        KIND.label("kind"),
        func.coalesce(REFUNDED, 0).label("refunded_minor"),
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


def _about(row: Any, *joins: tuple[Any, Any]) -> Select[*tuple[Any, ...]]:
    """The orders behind rows of a kind, which a posting names by their number."""
    statement = select(row.id.label("row_id"), ORDER.id.label("order_id"), KIND.label("kind"))
    statement = statement.select_from(row.id.table)
    for table, condition in joins:
        statement = statement.join(table, condition)
    return statement.where(
        row.id.in_(bindparam("ids", expanding=True)), row.event_id == bindparam("event_id")
    )


_ORDER_OF_PAYMENT: Final = (
    table_of(Order),
    and_(ORDER.id == P.order_id, ORDER.event_id == P.event_id),
)
_OF_PAYMENT: Final = _about(P, _ORDER_OF_PAYMENT)
_OF_REFUND: Final = _about(
    R, (table_of(Payment), and_(P.id == R.payment_id, P.event_id == R.event_id)), _ORDER_OF_PAYMENT
)
ABOUT: Final[Mapping[str, Select[*tuple[Any, ...]]]] = {
    "sale:order": _about(ORDER),
    "sale:payment": _OF_PAYMENT,
    "unclaimed:payment": _OF_PAYMENT,
    "refund-due": _OF_REFUND,
    "refund-done": _OF_REFUND,
    "dispute-lost": _about(
        D,
        (table_of(Payment), and_(P.id == D.payment_id, P.event_id == D.event_id)),
        _ORDER_OF_PAYMENT,
    ),
}
"""How the order of a posting is found, by what stands before the number in its name."""


class ExportRepository(Repository):
    def orders(self, event_id: EventId, *, after: Cursor | None, limit: int) -> Page[OrderRow]:
        """One page of the event's orders, of every status."""
        found = [
            filled(
                OrderRow,
                row,
                discount=Money(row.discount_minor, row.currency),
                total=Money(row.total_minor, row.currency),
                kind=SaleKind(row.kind),
                refunded=Money(int(row.refunded_minor), row.currency),
            )
            for row in self._rows(ORDERS, event_id, after, limit)
        ]
        return page_by_id(found, limit, lambda row: row.order_id, sort="id")

    def ledger(self, event_id: EventId, *, after: Cursor | None, limit: int) -> Page[LedgerRow]:
        """One page of what was posted for the event."""
        rows = list(self._rows(LEDGER, event_id, after, limit))
        orders = self._orders_of(event_id, {row.posting for row in rows})
        found = [
            filled(
                LedgerRow,
                row,
                amount=Money(row.amount_minor, row.currency),
                **_order_of(orders.get(row.posting)),
            )
            for row in rows
        ]
        return page_by_id(found, limit, lambda row: row.entry_id, sort="id")

    def _orders_of(
        self, event_id: EventId, postings: Iterable[str]
    ) -> Mapping[str, Row[*tuple[Any, ...]]]:
        """Number and kind of the order each posting is about, by the posting's name."""
        named: dict[str, list[int]] = defaultdict(list)
        for posting in postings:
            about, _, row_id = posting.rpartition(":")
            if about in ABOUT and row_id.isdecimal():
                named[about].append(int(row_id))
        return {
            f"{about}:{row.row_id}": row
            for about, ids in named.items()
            for row in self._run(ABOUT[about], event_id=event_id, ids=ids)
        }

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


def _order_of(row: Row[*tuple[Any, ...]] | None) -> dict[str, Any]:
    if row is None:
        return {"order_id": None, "kind": None}
    return {"order_id": row.order_id, "kind": SaleKind(row.kind)}
