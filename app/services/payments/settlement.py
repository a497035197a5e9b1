"""Settlement: the one way to find out what became of a payment."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from app.domain.errors import PaymentFailed, PaymentNotCompleted, PaymentRefunded, SalesClosed
from app.domain.ids import UserId
from app.domain.money import Money
from app.domain.operations.faults import FaultPoint, reach
from app.domain.payments import ledger
from app.domain.payments.ledger import Account
from app.domain.payments.receipts import Receipt
from app.domain.ports import ChargeReport, ChargeStatus, Clock, PaymentGateway, WorkSignal
from app.domain.states import (
    SETTLED_PAYMENTS,
    OrderStatus,
    OutboxKind,
    PaymentStatus,
    RefundState,
)
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.models.tickets.tickets import Ticket
from app.repositories.database import Database
from app.repositories.payments.payments import LocatedPayment
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.business_log import log_returned
from app.services.orders.late_sales import why_not_sold
from app.services.orders.order_steps import PAYSTACK, OrderSteps
from app.services.payments.lookup_limits import LookupLimit

NOT_KNOWN: Final = "Paystack does not know this payment"
REVERSED: Final = "it was paid, and the money went back to the buyer"
TOO_LITTLE: Final = "the amount paid is less than the amount asked for"
OTHER_CURRENCY: Final = "it was paid in another currency than was asked for"
TOO_LATE: Final = "the places were sold to others before the money arrived"
REASON_BY_STATUS: Final = {
    OrderStatus.PAID: "the order was paid before",
    OrderStatus.REFUNDED: "the order was paid before",
    OrderStatus.CANCELLED: "the order was cancelled before",
}

TRY_AGAIN_WITHIN: Final = timedelta(seconds=30)
"""How long places are kept whose payment never reached the provider."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a payment stands, with its order and what was issued for it."""

    payment: Payment
    order: Order
    tickets: Sequence[Ticket] = ()

    @property
    def can_be_used(self) -> bool:
        """Whether the payment is made, or has a page where it can be: no other one is needed."""
        status, page = self.payment.status, self.payment.authorization_url
        return status == PaymentStatus.SUCCEEDED or (
            status == PaymentStatus.OPEN and page is not None
        )

    def ensure_paid(self) -> None:
        """Refuse unless the payment bought tickets.

        Raises:
            PaymentNotCompleted: the buyer has not paid yet, or it is not known yet.
            PaymentFailed: it was declined or refused.
            PaymentRefunded: it arrived, was of no use, and goes back.
        """
        payment = self.payment
        match payment.status:
            case PaymentStatus.SUCCEEDED:
                return
            case PaymentStatus.FAILED:
                raise PaymentFailed(payment.reference, payment.reason or "it was declined")
            case PaymentStatus.RETURNED:
                raise PaymentRefunded(payment.reference, payment.reason or "it came too late")
            case _:
                raise PaymentNotCompleted(payment.reference, payment.authorization_url)


class SettlementService:
    """Asks the provider about payments, and sells or returns accordingly, once each."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        gateway: PaymentGateway,
        orders: OrderSteps,
        signal: WorkSignal,
    ) -> None:
        self._database = database
        self._clock = clock
        self._gateway = gateway
        self._orders = orders
        self._signal = signal
        self._lookups = LookupLimit(clock)

    def settle(self, reference: str, *, buyer_id: UserId | None = None) -> Settlement:
        """Bring a payment up to what the provider says; a settled one is not asked about again.

        The webhook, the poller and ``look_up`` all come here, in any order and as often as they
        like.

        Raises:
            PaymentNotFound: there is none, or it is not this buyer's.
            PaymentGatewayUnavailable: the provider does not answer; nothing was changed.
        """
        known = self._locate(reference, buyer_id)
        if known.status in SETTLED_PAYMENTS:
            return self.outcome(reference)
        return self._ask_about(reference, known)

    def look_up(self, reference: str, *, buyer_id: UserId | None = None) -> Settlement:
        """As ``settle``, for callers from outside: the provider is asked once in a few seconds.

        Within these, and while another caller asks, what is known is the answer.

        Raises:
            PaymentNotFound: there is none, or it is not this buyer's.
            PaymentGatewayUnavailable: the provider does not answer; nothing was changed.
        """
        known = self._locate(reference, buyer_id)
        if known.status in SETTLED_PAYMENTS:
            return self.outcome(reference)
        return self._lookups.run(
            reference,
            ask=lambda: self._ask_about(reference, known),
            known=lambda: self.outcome(reference),
        )

    def _locate(self, reference: str, buyer_id: UserId | None) -> LocatedPayment:
        with self._database.reading() as work:
            return work.payments.locate(reference, buyer_id=buyer_id)

    def _ask_about(self, reference: str, known: LocatedPayment) -> Settlement:
        report = self._gateway.find_charge(reference)
        try:
            settlement = self._store(known, report)
        except SalesClosed:
            settlement = self._store(known, report, called_off=True)
        reach(FaultPoint.SALE_SETTLED)
        self._signal.wake()
        return settlement

    def _store(
        self, known: LocatedPayment, report: ChargeReport, *, called_off: bool = False
    ) -> Settlement:
        now = self._clock.now()
        with self._database.writing() as work:
            payment, order = work.payments.lock_with_order(known)
            if payment.is_settled:
                return _outcome(work, payment, order)
            tickets = self._record(work, order, payment, report, now=now, called_off=called_off)
            return Settlement(payment, order, tickets)

    def outcome(self, reference: str, *, buyer_id: UserId | None = None) -> Settlement:
        """What is known of a payment without asking the provider.

        Raises:
            PaymentNotFound: there is none, or it is not this buyer's.
        """
        with self._database.reading() as work:
            return _outcome(work, *work.payments.get_with_order(reference, buyer_id=buyer_id))

    def _record(
        self,
        work: UnitOfWork,
        order: Order,
        payment: Payment,
        report: ChargeReport,
        *,
        now: datetime,
        called_off: bool,
    ) -> Sequence[Ticket]:
        """Write down what the provider said; gives the tickets that were issued for it.

        Raises:
            SalesClosed: there would be some, and the event was called off.
        """
        match report.status:
            case ChargeStatus.PAID if payment.surplus_of(report.amount) is not None:
                return self._accept(work, order, payment, report, now=now, called_off=called_off)
            case ChargeStatus.PAID:
                is_other = report.amount and report.amount.currency != payment.currency
                reason = OTHER_CURRENCY if is_other else TOO_LITTLE
                self._return(work, order, payment, report, reason=reason, now=now)
            case ChargeStatus.FAILED | ChargeStatus.REVERSED:
                # The buyer may pay the same charge again, so it is asked about further.
                is_failed = report.status == ChargeStatus.FAILED
                reason = report.reason if is_failed else REVERSED
                work.payments.fail(payment, reason=reason, ask_at=payment.ask_at)
                if order.status == OrderStatus.PENDING:
                    work.outbox.enqueue_once(
                        OutboxKind.PAYMENT_FAILED, payment.id, event_id=order.event_id, now=now
                    )
            case ChargeStatus.UNKNOWN if payment.authorization_url is None:
                # The charge did not reach Paystack; a delayed call still may, so it is asked about
                # further. The buyer gets a moment to try again.
                if payment.status == PaymentStatus.STARTING:
                    work.orders.shorten_hold(order.id, until=now + TRY_AGAIN_WITHIN)
                work.payments.fail(payment, reason=NOT_KNOWN, ask_at=payment.ask_at)
            case ChargeStatus.OPEN | ChargeStatus.UNKNOWN:
                # Paystack opened a page for it: if it does not know of it, it does not know yet.
                pass
        return ()

    def _accept(
        self,
        work: UnitOfWork,
        order: Order,
        payment: Payment,
        report: ChargeReport,
        *,
        now: datetime,
        called_off: bool,
    ) -> Sequence[Ticket]:
        reason = why_not_sold(work, order, now=now, called_off=called_off)
        if reason is None:
            surplus_minor = payment.surplus_of(report.amount) or 0
            receipt = Receipt(
                payment_id=payment.id,
                reference=payment.reference,
                amount=payment.amount,
                fee_minor=report.fee_minor,
                surplus_minor=surplus_minor,
            )
            tickets = self._orders.complete(work, order, receipt=receipt, actor=PAYSTACK, now=now)
            if tickets:
                work.payments.settle(
                    payment,
                    to=PaymentStatus.SUCCEEDED,
                    now=now,
                    transaction_id=report.transaction_id,
                    fee_minor=report.fee_minor,
                    surplus_minor=surplus_minor,
                )
                return tickets
            reason = REASON_BY_STATUS.get(order.status, TOO_LATE)
        self._return(work, order, payment, report, reason=reason, now=now)
        return ()

    @staticmethod
    def _return(
        work: UnitOfWork,
        order: Order,
        payment: Payment,
        report: ChargeReport,
        *,
        reason: str,
        now: datetime,
    ) -> None:
        """Keep no money without a home: what was charged goes back, and the buyer is told."""
        work.payments.settle(
            payment,
            to=PaymentStatus.RETURNED,
            now=now,
            transaction_id=report.transaction_id,
            fee_minor=report.fee_minor,
            reason=reason,
        )
        charged: Money = report.amount or payment.amount
        event_id = order.event_id
        refund = Refund(
            payment_id=payment.id,
            event_id=event_id,
            amount_minor=charged.minor,
            currency=charged.currency,
            reason=reason,
            actor=PAYSTACK,
            state=RefundState.REQUESTED,
            requested_at=now,
            ask_at=now,
        )
        work.refunds.add(refund)
        post = partial(work.ledger.post, currency=charged.currency, event_id=event_id, now=now)
        post(
            f"unclaimed:payment:{payment.id}",
            ledger.unclaimed(paid_minor=charged.minor, fee_minor=report.fee_minor or 0),
        )
        post(
            f"refund-due:{refund.id}",
            ledger.refund_due(minor=charged.minor, of=Account.UNCLAIMED),
        )
        work.outbox.enqueue(OutboxKind.PAYMENT_RETURNED, refund.id, event_id=event_id, now=now)
        log_returned(work, payment, refund)


def _outcome(work: UnitOfWork, payment: Payment, order: Order) -> Settlement:
    is_sold = payment.status == PaymentStatus.SUCCEEDED
    return Settlement(payment, order, work.tickets.issued_for(order.id) if is_sold else ())
