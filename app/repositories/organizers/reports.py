"""Sums over all sales of an event. The database adds up; rows come by quarter of an hour."""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Row, and_, case, func, select

from app.database.differences import quarter_of
from app.domain.ids import EventId
from app.domain.organizers.attendance import ScanCount
from app.domain.organizers.reports import (
    CodeSales,
    KindSales,
    LedgerSum,
    SaleKind,
    TypeSales,
)
from app.domain.payments.ledger import Account
from app.domain.states import OrderKind, OrderStatus, TicketStatus
from app.models.checkin.check_ins import CheckIn
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.models.orders.orders import Order
from app.models.payments.ledger import LedgerEntry
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, filled, table_of
from app.repositories.payments.refunds import REFUNDED_OF_TICKET

L: Final = table_of(LedgerEntry).c
T: Final = table_of(Ticket).c
TYPE: Final = table_of(TicketType).c
ORDER: Final = table_of(Order).c
CODE: Final = table_of(PromoCode).c

PAID: Final = (OrderStatus.PAID, OrderStatus.REFUNDED)
TICKETS: Final = func.count(T.id).label("tickets")
MINOR: Final = func.sum(L.amount_minor).label("minor")
DEBITS: Final = func.sum(case((L.amount_minor > 0, L.amount_minor), else_=0)).label("debits")
"""Sums of a ledger's lines: of all, and of the positive ones."""
KIND: Final = case(
    (ORDER.kind == OrderKind.CASH, SaleKind.CASH.value),
    (ORDER.kind == OrderKind.COMPLIMENTARY, SaleKind.COMPLIMENTARY.value),
    (ORDER.total_minor == 0, SaleKind.FREE.value),
    else_=SaleKind.PAID.value,
)
"""How an order was paid, or is to be, as ``SaleKind`` has it."""
BY_KIND: Final = (
    select(KIND.label("kind"), func.count(ORDER.id.distinct()).label("orders"), TICKETS)
    .join_from(
        table_of(Ticket),
        table_of(Order),
        and_(ORDER.id == T.order_id, ORDER.event_id == T.event_id),
    )
    .group_by(KIND)
)
C: Final = table_of(CheckIn).c
VOID: Final = T.status == TicketStatus.VOID


class ReportRepository(Repository):
    def ledger_sums(self, event_id: EventId) -> Sequence[LedgerSum]:
        """What was posted, by quarter of an hour, account and currency."""
        quarter = quarter_of(self._connection, L.at).label("quarter")
        statement = (
            select(quarter, L.account, L.currency, MINOR, DEBITS)
            .where(L.event_id == event_id)
            .group_by(quarter, L.account, L.currency)
        )
        return [
            filled(LedgerSum, row, minor=int(row.minor), debits=int(row.debits))
            for row in self._run(statement)
        ]

    def balances(self, event_ids: Sequence[EventId]) -> dict[EventId, dict[Account, int]]:
        """What lies on the accounts of each event; one with sales keeps its currency."""
        statement = (
            select(L.event_id, L.account, MINOR)
            .where(L.event_id.in_(event_ids))
            .group_by(L.event_id, L.account)
        )
        found: dict[EventId, dict[Account, int]] = {each: {} for each in event_ids}
        for row in self._run(statement):
            found[row.event_id][row.account] = int(row.minor)
        return found

    def places_sold(self, event_ids: Sequence[EventId]) -> dict[EventId, int]:
        """How many places of each event are paid for; 0 of one that was deleted since."""
        statement = (
            select(TYPE.event_id, func.sum(TYPE.sold).label("sold"))
            .where(TYPE.event_id.in_(event_ids))
            .group_by(TYPE.event_id)
        )
        found = {row.event_id: int(row.sold) for row in self._run(statement)}
        return dict.fromkeys(event_ids, 0) | found

    def tickets_sold(self, event_id: EventId) -> Sequence[tuple[int, int]]:
        """How many tickets were issued, by quarter of an hour."""
        quarter = quarter_of(self._connection, T.purchase_date).label("quarter")
        statement = (
            select(quarter, func.count().label("tickets"))
            .where(T.event_id == event_id)
            .group_by(quarter)
        )
        return [(row.quarter, row.tickets) for row in self._run(statement)]

    def by_type(self, event_id: EventId) -> Sequence[TypeSales]:
        """What was sold of each ticket type, those of which nothing was sold among them."""
        statement = (
            select(
                TYPE.id.label("ticket_type_id"),
                TYPE.name,
                TICKETS,
                func.count(case((VOID, T.id))).label("refunded_tickets"),
                func.coalesce(func.sum(T.paid_minor), 0).label("paid_minor"),
                func.coalesce(func.sum(REFUNDED_OF_TICKET), 0).label("refunded_minor"),
            )
            .join_from(
                table_of(TicketType),
                table_of(Ticket),
                and_(T.ticket_type_id == TYPE.id, T.event_id == TYPE.event_id),
                isouter=True,
            )
            .where(TYPE.event_id == event_id)
            .group_by(TYPE.id, TYPE.name)
            .order_by(TYPE.id)
        )
        return [filled(TypeSales, row) for row in self._run(statement)]

    def by_kind(self, event_id: EventId) -> Sequence[KindSales]:
        """What was sold by each kind of payment, refunded tickets among it."""
        return kinds_in(self._run(BY_KIND.where(T.event_id == event_id)))

    def by_promo_code(self, event_id: EventId) -> Sequence[CodeSales]:
        """What was sold with each promo code, those with the most orders first."""
        statement = (
            select(
                CODE.code,
                func.count(ORDER.id).label("orders"),
                func.sum(ORDER.total_minor).label("paid_minor"),
                func.sum(ORDER.discount_minor).label("discount_minor"),
            )
            .join_from(
                table_of(Order),
                table_of(PromoCode),
                and_(CODE.id == ORDER.promo_code_id, CODE.event_id == ORDER.event_id),
            )
            .where(ORDER.event_id == event_id, ORDER.status.in_(PAID))
            .group_by(CODE.id, CODE.code)
            .order_by(func.count(ORDER.id).desc(), CODE.id)
        )
        return [filled(CodeSales, row) for row in self._run(statement)]

    def scans(self, event_id: EventId) -> Sequence[ScanCount]:
        """Every scan of the event, counted by when it happened, gate and what was said to it."""
        quarter = quarter_of(self._connection, C.scanned_at).label("quarter")
        is_undone = C.undone_at.is_not(None).label("is_undone")
        statement = (
            select(quarter, C.gate, C.reason, is_undone, func.count().label("scans"))
            .where(C.event_id == event_id)
            .group_by(quarter, C.gate, C.reason, is_undone)
            .order_by(quarter, C.gate.is_(None), C.gate, C.reason)
        )
        return [filled(ScanCount, row) for row in self._run(statement)]


def kinds_in(rows: Iterable[Row[*tuple[Any, ...]]]) -> Sequence[KindSales]:
    """The rows of ``BY_KIND``, in the order of their kinds."""
    found = {row.kind: filled(KindSales, row, kind=SaleKind(row.kind)) for row in rows}
    return [found[kind] for kind in SaleKind if kind in found]
