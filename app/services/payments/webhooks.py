"""Webhooks of the payment provider."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.domain.errors import PaymentGatewayUnavailable, PaymentNotFound, WebhookRejected
from app.domain.operations.clocks import retry_delay
from app.domain.operations.faults import FaultPoint, reach
from app.domain.operations.leases import Lease
from app.domain.payments import ledger
from app.domain.payments.payments import DueDelivery
from app.domain.ports import Clock, PaymentGateway, WorkSignal
from app.domain.states import SETTLED_PAYMENTS, UNSETTLED_PAYMENTS, OutboxKind, PaymentStatus
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.payments.refunds import RefundService
from app.services.payments.settlement import SettlementService
from app.services.payments.webhook_events import DISPUTE, WebhookEvent, read_event

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=2)
"""How long a message is left to the worker that acts on it. Longer than a call to the provider."""

MOST_LOOKS: Final = 8
"""How often the provider is asked about a payment that it says was made, and when asked, denies.

Its messages may be ahead of its answers. With the pauses between, ten minutes go by.
"""

PAID: Final = "charge.success"

NOT_DONE: Final = "It could not be acted on; the log has the mistake."


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookService:
    """Notes what the provider says before answering, and acts on it afterwards.

    Of a message are kept its hash, by which it is known when it comes again, its event and the
    payment it names.

    A webhook carries neither a time nor an id of its own, so it only says where to look: what it
    claims is asked for again from the provider. A replay, even years later, finds nothing to do.
    """

    database: Database
    clock: Clock
    gateway: PaymentGateway
    settlement: SettlementService
    refunds: RefundService
    signal: WorkSignal

    def receive(self, *, body: bytes, signature: str | None) -> bool:
        """Keep a signed message durably; tell whether it is new.

        Raises:
            WebhookRejected: the signature is not the provider's for exactly these bytes.
            WebhookUnreadable: it is signed, and yet no event.
        """
        if not self.gateway.is_signed(body, signature):
            raise WebhookRejected
        event = read_event(body)
        now = self.clock.now()
        with self.database.writing() as work:
            is_new = work.webhooks.store(
                body_hash=hashlib.sha256(body).hexdigest(),
                event=event.name,
                reference=event.reference,
                now=now,
            )
            if is_new:
                _note_dispute(work, event, now=now)
            reach(FaultPoint.WEBHOOK_WRITTEN)
        reach(FaultPoint.WEBHOOK_KEPT)
        if is_new:
            self.signal.wake()
        return is_new

    def act_on_due(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """Act on messages not acted on yet; tell how many.

        What is told about payments that are settled already, as most are by the buyer's own call
        to verify, needs no second look: all such messages are closed at once.
        """
        closed = self._close_known(limit=limit)
        taken = ItemRunner(self.database, self.clock).each_leased(
            "webhooks",
            lambda work, now: work.webhooks.take(now=now, lasts=LEASE),
            self._act_alone_on,
            lambda lease, work, at: work.webhooks.note(lease, outcome=NOT_DONE, again_at=at),
            limit=limit - closed,
            keep_going=keep_going,
        )
        return closed + taken

    def _close_known(self, *, limit: int) -> int:
        now = self.clock.now()
        with self.database.reading() as work:
            due = work.webhooks.due(now=now, limit=limit)
        known = self._known_outcomes(due)
        if known:
            with self.database.writing() as work:
                for outcome, delivery_ids in known.items():
                    work.webhooks.close(delivery_ids, outcome=outcome, now=now)
        return sum(len(delivery_ids) for delivery_ids in known.values())

    def _known_outcomes(self, due: Sequence[DueDelivery]) -> Mapping[PaymentStatus, Sequence[int]]:
        """Those of the messages whose payment is settled, by how it ended."""
        named = {
            delivery.id: delivery.reference
            for delivery in due
            if delivery.event == PAID and delivery.reference is not None
        }
        if not named:
            return {}
        with self.database.reading() as work:
            standing = work.payments.standing(sorted(set(named.values())))
        known: dict[PaymentStatus, list[int]] = {}
        for delivery_id, reference in named.items():
            status = standing.get(reference)
            if status in SETTLED_PAYMENTS:
                known.setdefault(status, []).append(delivery_id)
        return known

    def _act_alone_on(self, lease: Lease) -> None:
        with self.database.reading() as work:
            delivery = work.webhooks.get(lease.row_id)
        try:
            outcome = self._act_on(delivery)
            is_open = outcome in UNSETTLED_PAYMENTS and delivery.attempts < MOST_LOOKS
        except PaymentGatewayUnavailable as error:
            outcome, is_open = error.detail, True
        wait = retry_delay(delivery.attempts, longest=timedelta(minutes=15))
        again_at = self.clock.now() + wait if is_open else None
        with self.database.writing() as work:
            work.webhooks.note(lease, outcome=outcome, again_at=again_at)

    def _act_on(self, delivery: DueDelivery) -> str:
        if delivery.reference is None:
            return "names no payment"
        try:
            if delivery.event == PAID:
                return self.settlement.settle(delivery.reference).payment.status
            if delivery.event.startswith("refund."):
                return self._look_at_refunds(delivery.reference)
            if delivery.event.startswith(DISPUTE):
                self.settlement.outcome(delivery.reference)
                return "the dispute is on record"
        except PaymentNotFound:
            return "not a payment of ours"
        return "not an event we act on"

    def _look_at_refunds(self, reference: str) -> str:
        with self.database.writing() as work:
            payment, _ = work.payments.get_with_order(reference)
            work.refunds.note_news(payment.id, now=self.clock.now())
        self.refunds.match(reference)
        return "refunds are looked at"


def _note_dispute(work: UnitOfWork, event: WebhookEvent, *, now: datetime) -> None:
    """Keep what a message says of a dispute about a payment of ours, and tell the organizer once.

    There is nothing to ask the provider about it. What the buyer's bank gets is booked.
    """
    report = event.dispute
    if report is None or event.reference is None:
        return
    try:
        payment, _ = work.payments.get_with_order(event.reference)
    except PaymentNotFound:
        return
    dispute_id = work.disputes.note(payment, report, now=now)
    log.warning("payment_disputed", reference=event.reference, status=report.status)
    if dispute_id is None:
        return
    if not report.is_resolved:
        work.outbox.enqueue_once(
            OutboxKind.PAYMENT_DISPUTED, dispute_id, event_id=payment.event_id, now=now
        )
    elif report.is_lost:
        minor = payment.disputed_minor(report.amount_minor)
        work.ledger.post(
            f"dispute-lost:{dispute_id}",
            ledger.dispute_lost(minor=minor),
            currency=payment.currency,
            event_id=payment.event_id,
            now=now,
        )
