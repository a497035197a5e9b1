"""Settling: one way to find out what became of a payment, whoever asks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.errors import PaymentFailed, PaymentNotCompleted, PaymentRefunded
from app.domain.ids import UserId
from app.domain.money import Money
from app.domain.ports import ChargeReport, ChargeStatus, Clock, PaymentGateway, WorkSignal
from app.domain.states import OrderStatus, OutboxKind, PaymentStatus, RefundState
from app.models.orders import Order
from app.models.payments import Payment, Refund
from app.models.tickets import Ticket
from app.repositories.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.services.orders import OrderPlacer

NOT_KNOWN: Final = "Paystack does not know this payment"
WRONG_AMOUNT: Final = "the amount paid is not the amount asked for"
TOO_LATE: Final = "the places were sold to others before the money arrived"
PAID_TWICE: Final = "the order was paid before"


@dataclass(frozen=True, slots=True)
class Settlement:
    """How a payment stands, with its order and what was issued for it."""

    payment: Payment
    order: Order
    tickets: Sequence[Ticket] = ()

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
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        gateway: PaymentGateway,
        orders: OrderPlacer,
        signal: WorkSignal,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._gateway = gateway
        self._orders = orders
        self._signal = signal

    def settle(self, reference: str, *, buyer_id: UserId | None = None) -> Settlement:
        """Bring a payment up to what the provider says; a settled one is not asked about again.

        The verify call, the webhook, the callback page and the poller all come here, in any order
        and as often as they like.

        Raises:
            PaymentNotFound: there is none, or it is not this buyer's.
            PaymentGatewayUnavailable: the provider does not answer; nothing was changed.
        """
        known = self.outcome(reference, buyer_id=buyer_id)
        if known.payment.is_settled:
            return known
        report = self._gateway.find_charge(reference)
        now = self._clock.now()
        with self._unit_of_work() as work:
            order = work.orders.lock(known.order.id)
            payment = work.payments.get(known.payment.id)
            if not payment.is_settled:
                self._record(work, order, payment, report, now=now)
            settlement = _outcome(work, payment, order)
        self._signal.wake()
        return settlement

    def outcome(self, reference: str, *, buyer_id: UserId | None = None) -> Settlement:
        """What is known of a payment without asking the provider.

        Raises:
            PaymentNotFound: there is none, or it is not this buyer's.
        """
        with self._unit_of_work(read_only=True) as work:
            return _outcome(work, *work.payments.get_with_order(reference, buyer_id=buyer_id))

    def _record(
        self,
        work: UnitOfWork,
        order: Order,
        payment: Payment,
        report: ChargeReport,
        *,
        now: datetime,
    ) -> None:
        match report.status:
            case ChargeStatus.PAID if report.amount == payment.amount:
                self._accept(work, order, payment, report, now=now)
            case ChargeStatus.PAID:
                self._return(work, payment, report, reason=WRONG_AMOUNT, now=now)
            case ChargeStatus.FAILED | ChargeStatus.REVERSED:
                # The buyer may pay the same charge again, so it is asked about further.
                work.payments.fail(payment, reason=report.reason, ask_at=payment.ask_at)
            case ChargeStatus.UNKNOWN:
                work.payments.fail(payment, reason=NOT_KNOWN, ask_at=None)
                self._orders.release(work, order, now=now)
            case ChargeStatus.OPEN:
                pass

    def _accept(
        self,
        work: UnitOfWork,
        order: Order,
        payment: Payment,
        report: ChargeReport,
        *,
        now: datetime,
    ) -> None:
        if not self._orders.complete(work, order, now=now):
            reason = PAID_TWICE if order.status == OrderStatus.PAID else TOO_LATE
            self._return(work, payment, report, reason=reason, now=now)
            return
        work.payments.settle(
            payment,
            to=PaymentStatus.SUCCEEDED,
            now=now,
            transaction_id=report.transaction_id,
            fee_minor=report.fee_minor,
        )

    @staticmethod
    def _return(
        work: UnitOfWork, payment: Payment, report: ChargeReport, *, reason: str, now: datetime
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
        refund = Refund(
            payment_id=payment.id,
            amount_minor=charged.minor,
            currency=charged.currency,
            reason=reason,
            state=RefundState.REQUESTED,
            requested_at=now,
            ask_at=now,
        )
        work.refunds.add(refund)
        work.outbox.promise(OutboxKind.PAYMENT_RETURNED, refund.id, now=now)


def _outcome(work: UnitOfWork, payment: Payment, order: Order) -> Settlement:
    is_sold = payment.status == PaymentStatus.SUCCEEDED
    return Settlement(payment, order, work.tickets.of_order(order.id) if is_sold else ())
