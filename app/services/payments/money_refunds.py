"""Refunds of money, whether tickets are void with it or stay valid."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.errors import OrderNotFound, OrderNotPaid, RefundAmountInvalid, RefundTooLarge
from app.domain.ids import OrderId
from app.domain.money import Money
from app.domain.payments import ledger
from app.domain.payments.ledger import Account
from app.domain.payments.refund_shares import refund_shares
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.domain.states import OrderKind, OrderStatus, OutboxKind, RefundState, TicketStatus
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyRefundService:
    """Refunds an amount of an order whose tickets stay valid: a lower price, or goodwill.

    The amount is shared among the order's valid tickets, each by what is left of its price. So a
    later refund of a ticket, of the order or by a cancellation returns what is left of each.
    """

    database: Database
    clock: Clock
    signal: WorkSignal

    def refund(self, *, order_id: OrderId, caller: User, amount: Money, reason: str) -> Refund:
        """Refund an amount, at most what was paid less earlier refunds and lost disputes.

        Args:
            order_id: the order.
            caller: a member whose role allows refunds; buyers may not.
            amount: what goes back, above zero.
            reason: the buyer reads it.

        Raises:
            OrderNotFound: it is not of an organization of the caller's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotPaid: it was not paid, or all of its tickets were refunded.
            RefundAmountInvalid: it is in another currency than the order, or no whole coins.
            RefundTooLarge: less is left; of an order for nothing, nothing.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            order = work.orders.lock(order_id)
            _, rights = work.event_access.with_rights(caller.actor, order.event_id)
            rights.ensure(Action.REFUND, OrderNotFound(order_id))
            if order.status != OrderStatus.PAID:
                raise OrderNotPaid(order_id, order.status)
            if amount.currency != order.currency or amount != amount.in_whole_coins:
                raise RefundAmountInvalid(order_id, order.currency, amount)
            refund = self._refund(
                work, order, amount, reason=reason, actor=caller.actor.name, now=now
            )
            note_refund(work, caller, order, refund, now=now)
        self.signal.wake()
        return refund

    @staticmethod
    def _refund(
        work: UnitOfWork, order: Order, amount: Money, *, reason: str, actor: str, now: datetime
    ) -> Refund:
        tickets = work.tickets.lock_of_order(order.id)
        payment = work.refunds.lock_paid(order.id)
        refund = recorded(
            work, order, payment, minor=amount.minor, reason=reason, actor=actor, now=now
        )
        if refund is None:
            raise RefundTooLarge(order.id, Money(work.refunds.left_of(order.id), order.currency))
        valid = [ticket for ticket in tickets if ticket.status == TicketStatus.VALID]
        left = [ticket.left_minor for ticket in valid]
        shares = refund_shares(amount.minor, left, currency=order.currency)
        for ticket, share in zip(valid, shares, strict=True):
            ticket.refunded_minor = (ticket.refunded_minor or 0) + share
        work.outbox.enqueue(OutboxKind.MONEY_REFUNDED, refund.id, event_id=order.event_id, now=now)
        return refund


def recorded(
    work: UnitOfWork,
    order: Order,
    payment: Payment,
    *,
    minor: int,
    reason: str,
    actor: str,
    now: datetime,
) -> Refund | None:
    """Record that so much of a paid order goes back, and post it; ``None``: less is left.

    Nothing of cash goes by the provider, and nothing at all where there is nothing to pay back.
    """
    is_cash = order.kind == OrderKind.CASH
    state = RefundState.TO_HAND_BACK if is_cash else RefundState.REQUESTED
    refund = work.refunds.record(
        Refund(
            payment_id=payment.id,
            event_id=order.event_id,
            amount_minor=minor,
            currency=order.currency,
            reason=reason,
            actor=actor,
            state=state if minor else RefundState.PROCESSED,
            requested_at=now,
            ended_at=None if minor else now,
            ask_at=now if minor and not is_cash else None,
        )
    )
    if refund is not None:
        work.ledger.post(
            f"refund-due:{refund.id}",
            ledger.cash_due(minor=minor)
            if is_cash
            else ledger.refund_due(minor=minor, of=Account.REFUNDS),
            currency=order.currency,
            event_id=order.event_id,
            now=now,
        )
    return refund


def note_refund(
    work: UnitOfWork, caller: User, order: Order, refund: Refund, *, now: datetime
) -> None:
    """Add a refund to the log of admins, if one asked for it."""
    about = About(AdminSubject.REFUND, refund.id, order.buyer_id)
    kind, reason = AdminActionKind.REFUNDED, refund.reason or None
    work.admin_actions.note_if_admin(caller.actor, kind, about, now=now, reason=reason)
