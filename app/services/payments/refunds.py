"""Refunds: money on its way back, until it has arrived."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from app.domain.errors import PaymentGatewayUnavailable, RefundRefused, RefundsTooMany
from app.domain.ids import RefundId
from app.domain.money import Money
from app.domain.operations.clocks import retry_delay
from app.domain.operations.faults import FaultPoint, reach
from app.domain.operations.leases import Lease
from app.domain.payments import ledger
from app.domain.payments.ledger import Account
from app.domain.payments.refund_notes import note_of, own_among
from app.domain.ports import ChargeReport, Clock, PaymentGateway, RefundReport, RefundStatus
from app.domain.states import STUCK_REFUNDS, OutboxKind, PaymentStatus, RefundState
from app.models.orders.orders import Order
from app.models.payments.payments import Payment, Refund
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.orders.order_steps import PAYSTACK

log = structlog.get_logger("app.business")

LEASE: Final = timedelta(minutes=5)
"""How long a refund is left to the worker that took it. Longer than any one call may take."""

SEND_AGAIN_AFTER: Final = timedelta(minutes=10)
"""When a refund whose answer was lost, and that the provider does not list, is sent again. Until
then it may still be on its way through the provider's own queues."""

STATE_OF_REPORT: Final = {
    RefundStatus.PENDING: RefundState.PENDING,
    RefundStatus.PROCESSING: RefundState.PENDING,
    RefundStatus.PROCESSED: RefundState.PROCESSED,
    RefundStatus.NEEDS_ATTENTION: RefundState.NEEDS_ATTENTION,
    RefundStatus.FAILED: RefundState.FAILED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundService:
    """Sends recorded refunds to the provider and follows them to their end."""

    database: Database
    clock: Clock
    gateway: PaymentGateway

    def advance_due(self, *, limit: int = 20, keep_going: KeepGoing = always) -> int:
        """Take the refunds whose turn it is one step further; tell how many."""
        return ItemRunner(self.database, self.clock).each_leased(
            "refunds",
            lambda work, now: work.refunds.take(now=now, lasts=LEASE),
            self._advance,
            lambda lease, work, at: work.refunds.store(lease, ask_at=at),
            limit=limit,
            keep_going=keep_going,
        )

    def match(self, reference: str) -> None:
        """Follow what was refunded on the provider's dashboard in place of what failed here.

        Raises:
            PaymentNotFound: there is no such payment.
            PaymentGatewayUnavailable: the provider does not answer.
        """
        with self.database.reading() as work:
            payment, _ = work.payments.get_with_order(reference)
            ours = work.refunds.of_payment(payment.id)
        for refund in ours:
            if refund.state != RefundState.FAILED:
                continue
            try:
                found = self._already_made(refund, payment, was_sent=True)
            except RefundsTooMany:
                return  # it stays where people see it, with what they can do
            if found is not None:
                with self.database.writing() as work:
                    work.refunds.adopt(refund.id, provider_id=found.id, now=self.clock.now())

    def _advance(self, lease: Lease) -> None:
        with self.database.reading() as work:
            refund = work.refunds.get(RefundId(lease.row_id))
            payment = work.payments.get(refund.payment_id)
        try:
            report = self._report_on(refund, payment, lease)
            reach(FaultPoint.REFUND_UNSTORED)
            self._store(refund, payment, lease, report)
        except (PaymentGatewayUnavailable, RefundRefused, RefundsTooMany) as error:
            self._note_failure(refund, payment, lease, error)

    def _report_on(self, refund: Refund, payment: Payment, lease: Lease) -> RefundReport:
        """How the refund stands at the provider, which is asked to make it unless it has."""
        if refund.provider_id is not None:
            return self.gateway.find_refund(refund.provider_id)
        found = self._already_made(refund, payment, was_sent=refund.sent_at is not None)
        if found is not None:
            return found
        now = self.clock.now()
        if refund.sent_at is not None and now < refund.sent_at + SEND_AGAIN_AFTER:
            raise PaymentGatewayUnavailable(payment.reference)
        with self.database.writing() as work:
            lease = work.refunds.note_sent(lease, now=now, lasts=LEASE)
        lease.ensure_holds(self.clock.now())
        return self.gateway.refund(
            reference=payment.reference,
            transaction_id=payment.transaction_id or "",
            amount=refund.amount,
            note=note_of(refund.id, reference=payment.reference, reason=refund.reason),
        )

    def _already_made(
        self, refund: Refund, payment: Payment, *, was_sent: bool
    ) -> RefundReport | None:
        listed = self.gateway.list_refunds(
            reference=payment.reference, transaction_id=payment.transaction_id or ""
        )
        with self.database.reading() as work:
            ours = work.refunds.of_payment(payment.id)
        return own_among(
            listed,
            refund_id=refund.id,
            reference=payment.reference,
            amount=refund.amount,
            was_sent=was_sent,
            others={other.id: other.provider_id for other in ours if other.id != refund.id},
        )

    def _store(self, refund: Refund, payment: Payment, lease: Lease, report: RefundReport) -> None:
        now = self.clock.now()
        state = STATE_OF_REPORT[report.status]
        is_open = state == RefundState.PENDING
        wait = retry_delay(refund.asked, longest=timedelta(hours=6))
        with self.database.writing() as work:
            work.refunds.store(
                lease,
                provider_id=report.id,
                state=state,
                ask_at=now + wait if is_open else None,
                ended_at=None if is_open else now,
                last_error=None,
            )
            _log_refund(work, refund, payment, state=state)
            if state in STUCK_REFUNDS and state != refund.state:
                _owe_mail(work, refund, now=now)
            if state == RefundState.PROCESSED:
                _book_done(work, refund, now=now)

    def _note_failure(
        self,
        refund: Refund,
        payment: Payment,
        lease: Lease,
        error: PaymentGatewayUnavailable | RefundRefused | RefundsTooMany,
    ) -> None:
        now = self.clock.now()
        last_error = error.detail[:300]
        with self.database.writing() as work:
            if isinstance(error, RefundRefused | RefundsTooMany):
                work.refunds.store(
                    lease,
                    state=RefundState.FAILED,
                    ask_at=None,
                    ended_at=now,
                    last_error=last_error,
                )
                failed = RefundState.FAILED
                _log_refund(work, refund, payment, state=failed, reason=last_error)
                _owe_mail(work, refund, now=now)
            else:
                wait = retry_delay(refund.asked, longest=timedelta(hours=1))
                work.refunds.store(lease, ask_at=now + wait, last_error=last_error)


def _owe_mail(work: UnitOfWork, refund: Refund, *, now: datetime) -> None:
    """Record a mail to the organizer at each new failure of the refund, and one to the buyer."""
    work.outbox.enqueue(
        OutboxKind.REFUND_STUCK,
        refund.id,
        event_id=refund.event_id,
        addressee_id=refund.asked,
        now=now,
    )
    work.outbox.enqueue_once(
        OutboxKind.REFUND_DELAYED, refund.id, event_id=refund.event_id, now=now
    )


def _book_done(work: UnitOfWork, refund: Refund, *, now: datetime) -> None:
    work.ledger.post(
        f"refund-done:{refund.id}",
        ledger.refund_done(minor=refund.amount_minor),
        currency=refund.currency,
        event_id=refund.event_id,
        now=now,
    )


def return_money(
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
    post = partial(work.ledger.post, currency=charged.currency, event_id=order.event_id, now=now)
    post(
        f"unclaimed:payment:{payment.id}",
        ledger.unclaimed(paid_minor=charged.minor, fee_minor=report.fee_minor or 0),
    )
    post(
        f"refund-due:{refund.id}",
        ledger.refund_due(minor=charged.minor, of=Account.UNCLAIMED),
    )
    work.outbox.enqueue(OutboxKind.PAYMENT_RETURNED, refund.id, event_id=event_id, now=now)
    _log_returned(work, payment, refund)


def _log_returned(work: UnitOfWork, payment: Payment, refund: Refund) -> None:
    """Money arrived that bought nothing: too late, twice, or not what was asked for."""
    work.after_commit(
        lambda: log.info(
            "money goes back",
            reference=payment.reference,
            order=payment.order_id,
            refund=refund.id,
            amount=refund.amount_minor,
            currency=refund.currency,
            reason=refund.reason,
        )
    )


def _log_refund(
    work: UnitOfWork,
    refund: Refund,
    payment: Payment,
    *,
    state: RefundState,
    reason: str | None = None,
) -> None:
    """A refund was sent, paid out, or stopped, if that is news."""
    if state == refund.state:
        return
    event = "refund sent" if state == RefundState.PENDING else f"refund {state}"
    tell = log.warning if state in STUCK_REFUNDS else log.info
    work.after_commit(
        lambda: tell(
            event,
            refund=refund.id,
            reference=payment.reference,
            amount=refund.amount_minor,
            currency=refund.currency,
            reason=reason,
        )
    )
