"""Settlement: the one way to find out what became of a payment."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import PaymentFailed, PaymentNotCompleted, PaymentRefunded, SalesClosed
from app.domain.ids import UserId
from app.domain.operations.faults import FaultPoint, reach
from app.domain.payments.payments import LocatedPayment
from app.domain.ports import ChargeReport, ChargeStatus, Clock, PaymentGateway, WorkSignal
from app.domain.states import SETTLED_PAYMENTS, OrderStatus, OutboxKind, PaymentStatus
from app.models.orders.orders import Order
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.order_steps import OrderSteps, why_not_sold
from app.services.payments.refunds import return_money

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

ASK_AGAIN_AFTER: Final = timedelta(seconds=3)
"""How long what the provider said last is told again, without asking it."""

WAIT_FOR_ANOTHER: Final = timedelta(seconds=2)
"""How long a caller waits for another caller's lookup of the same payment."""

MOST_WAITING: Final = 20
"""Callers of a process that wait so; more would take the threads of others."""

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


Ask = Callable[[], Settlement]


@dataclass(frozen=True, slots=True)
class _Lookup:
    began_at: datetime
    ended: threading.Event = field(default_factory=threading.Event)

    def is_over(self, now: datetime) -> bool:
        return self.ended.is_set() and now - self.began_at >= ASK_AGAIN_AFTER


class LookupLimit:
    """Lets one caller at a time ask about a reference, and no other within three seconds.

    Counted per process. Without it, a client that reloads the page of a payment uses up the shop's
    rate limit at the provider.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lookups: dict[str, _Lookup] = {}
        self._waiting = threading.BoundedSemaphore(MOST_WAITING)

    def run(self, reference: str, *, now: datetime, ask: Ask, known: Ask) -> Settlement:
        """The result of ``ask``, or of ``known`` if it was asked just now.

        While another caller asks, this waits for the answer before it looks at what is known.
        """
        ours = _Lookup(now)
        with self._lock:
            for over in [each for each, one in self._lookups.items() if one.is_over(now)]:
                del self._lookups[over]
            lookup = self._lookups.setdefault(reference, ours)
        if lookup is ours:
            try:
                return ask()
            except Exception:
                # Nothing was learned; the bulkhead keeps a provider that fails from being asked.
                with self._lock:
                    self._lookups.pop(reference, None)
                raise
            finally:
                lookup.ended.set()
        if self._waiting.acquire(blocking=False):
            try:
                lookup.ended.wait(WAIT_FOR_ANOTHER.total_seconds())
            finally:
                self._waiting.release()
        return known()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementService:
    """Asks the provider about payments, and sells or returns accordingly, once each."""

    database: Database
    clock: Clock
    gateway: PaymentGateway
    orders: OrderSteps
    signal: WorkSignal
    _lookups: LookupLimit = field(default_factory=LookupLimit, init=False)

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
            now=self.clock.now(),
            ask=lambda: self._ask_about(reference, known),
            known=lambda: self.outcome(reference),
        )

    def _locate(self, reference: str, buyer_id: UserId | None) -> LocatedPayment:
        with self.database.reading() as work:
            return work.payments.locate(reference, buyer_id=buyer_id)

    def _ask_about(self, reference: str, known: LocatedPayment) -> Settlement:
        report = self.gateway.find_charge(reference)
        try:
            settlement = self._store(known, report)
        except SalesClosed:
            settlement = self._store(known, report, cancelled=True)
        reach(FaultPoint.SALE_SETTLED)
        self.signal.wake()
        return settlement

    def _store(
        self, known: LocatedPayment, report: ChargeReport, *, cancelled: bool = False
    ) -> Settlement:
        now = self.clock.now()
        with self.database.writing() as work:
            payment, order = work.payments.lock_with_order(known)
            if payment.is_settled:
                return _outcome(work, payment, order)
            tickets = self._record(work, order, payment, report, now=now, cancelled=cancelled)
            return Settlement(payment, order, tickets)

    def outcome(self, reference: str, *, buyer_id: UserId | None = None) -> Settlement:
        """What is known of a payment without asking the provider.

        Raises:
            PaymentNotFound: there is none, or it is not this buyer's.
        """
        with self.database.reading() as work:
            return _outcome(work, *work.payments.get_with_order(reference, buyer_id=buyer_id))

    def _record(
        self,
        work: UnitOfWork,
        order: Order,
        payment: Payment,
        report: ChargeReport,
        *,
        now: datetime,
        cancelled: bool,
    ) -> Sequence[Ticket]:
        """Write down what the provider said; gives the tickets that were issued for it.

        Raises:
            SalesClosed: there would be some, and the event was cancelled.
        """
        match report.status:
            case ChargeStatus.PAID if payment.surplus_of(report.amount) is not None:
                return self._accept(work, order, payment, report, now=now, cancelled=cancelled)
            case ChargeStatus.PAID:
                is_other = report.amount and report.amount.currency != payment.currency
                reason = OTHER_CURRENCY if is_other else TOO_LITTLE
                return_money(work, order, payment, report, reason=reason, now=now)
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
                    work.holds.shorten(order.id, until=now + TRY_AGAIN_WITHIN)
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
        cancelled: bool,
    ) -> Sequence[Ticket]:
        reason = why_not_sold(work, order, now=now, cancelled=cancelled)
        if reason is None:
            surplus_minor = payment.surplus_of(report.amount) or 0
            receipt = payment.receipt(fee_minor=report.fee_minor, surplus_minor=surplus_minor)
            tickets = self.orders.complete(work, order, receipt=receipt, now=now)
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
        return_money(work, order, payment, report, reason=reason, now=now)
        return ()


def _outcome(work: UnitOfWork, payment: Payment, order: Order) -> Settlement:
    is_sold = payment.status == PaymentStatus.SUCCEEDED
    return Settlement(payment, order, work.tickets.issued_for(order.id) if is_sold else ())
