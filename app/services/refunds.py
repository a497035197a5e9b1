"""Refunds: money on its way back, until it has arrived."""

from datetime import datetime, timedelta
from typing import Final

from app.domain import ledger
from app.domain.backoff import retry_delay
from app.domain.errors import PaymentGatewayUnavailable, RefundRefused
from app.domain.faults import FaultPoint, reach
from app.domain.ids import RefundId
from app.domain.ports import Clock, PaymentGateway, RefundReport, RefundStatus
from app.domain.states import RefundState
from app.models.payments import Payment, Refund
from app.repositories.unit_of_work import UnitOfWork, UnitOfWorkFactory

LEASE: Final = timedelta(minutes=2)
"""How long a refund is left to the worker that took it. Longer than the calls it makes."""

STATE_OF_REPORT: Final = {
    RefundStatus.PENDING: RefundState.PENDING,
    RefundStatus.PROCESSING: RefundState.PENDING,
    RefundStatus.PROCESSED: RefundState.PROCESSED,
    RefundStatus.NEEDS_ATTENTION: RefundState.NEEDS_ATTENTION,
    RefundStatus.FAILED: RefundState.FAILED,
}


class RefundService:
    """Sends recorded refunds to the provider and follows them to their end."""

    def __init__(
        self, *, unit_of_work: UnitOfWorkFactory, clock: Clock, gateway: PaymentGateway
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._gateway = gateway

    def advance_due(self, *, limit: int = 20) -> int:
        """Take the refunds whose turn it is one step further; tell how many."""
        now = self._clock.now()
        with self._unit_of_work(relaxed=True) as work:
            due = work.refunds.claim_due(now=now, until=now + LEASE, limit=limit)
        for refund_id in due:
            self._advance(refund_id)
        return len(due)

    def _advance(self, refund_id: RefundId) -> None:
        with self._unit_of_work(read_only=True) as work:
            refund = work.refunds.get(refund_id)
            payment = work.payments.get(refund.payment_id)
        try:
            report = self._ask(refund, payment)
        except (PaymentGatewayUnavailable, RefundRefused) as error:
            self._note_failure(refund_id, error)
            return
        reach(FaultPoint.REFUND_UNSTORED)
        now = self._clock.now()
        state = STATE_OF_REPORT[report.status]
        with self._unit_of_work() as work:
            refund = work.refunds.get(refund_id)
            refund.provider_id = report.id
            refund.state = state
            refund.last_error = None
            if state == RefundState.PENDING:
                refund.ask_at = now + retry_delay(refund.asked, longest=timedelta(hours=6))
            else:
                refund.ask_at, refund.ended_at = None, now
            if state == RefundState.PROCESSED:
                _book_done(work, refund, payment, now=now)

    def _ask(self, refund: Refund, payment: Payment) -> RefundReport:
        if refund.provider_id is not None:
            return self._gateway.find_refund(refund.provider_id)
        return self._gateway.refund(
            reference=payment.reference,
            transaction_id=payment.transaction_id or "",
            amount=refund.amount,
            # The note is how a refund is found again whose answer was lost.
            note=f"Refund {refund.id} of payment {payment.reference}: {refund.reason}",
        )

    def _note_failure(
        self, refund_id: RefundId, error: PaymentGatewayUnavailable | RefundRefused
    ) -> None:
        now = self._clock.now()
        with self._unit_of_work() as work:
            refund = work.refunds.get(refund_id)
            refund.last_error = error.detail[:300]
            if isinstance(error, RefundRefused):
                refund.state, refund.ask_at, refund.ended_at = RefundState.FAILED, None, now
            else:
                refund.ask_at = now + retry_delay(refund.asked, longest=timedelta(hours=1))


def _book_done(work: UnitOfWork, refund: Refund, payment: Payment, *, now: datetime) -> None:
    work.ledger.post(
        f"refund-done:{refund.id}",
        ledger.refund_done(minor=refund.amount_minor),
        currency=refund.currency,
        event_id=work.orders.get(payment.order_id).event_id,
        now=now,
    )
