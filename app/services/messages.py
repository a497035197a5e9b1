"""Messages: what we owe people in writing, sent from the outbox."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.backoff import retry_delay
from app.domain.errors import MailerUnavailable, MailRejected
from app.domain.faults import FaultPoint, reach
from app.domain.ids import OrderId, RefundId
from app.domain.listings import TicketListing
from app.domain.ports import Attachment, Clock, Mail, Mailer, MailTemplates, MailText, QrPainter
from app.domain.states import OutboxKind
from app.models.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork, UnitOfWorkFactory

LEASE: Final = timedelta(minutes=5)
"""How long a batch is left to the worker that took it. Longer than the mail server may take."""

MOST_ATTEMPTS: Final = 12
"""With the waits between them, about a day."""


class MessageService:
    """Sends what the outbox holds: at least once each, and under one Message-ID."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        mailer: Mailer,
        templates: MailTemplates,
        qr: QrPainter,
        public_url: str,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._mailer = mailer
        self._templates = templates
        self._qr = qr
        self._public_url = public_url

    def send_due(self, *, limit: int = 20) -> int:
        """Send the messages whose turn it is; tell how many were tried."""
        now = self._clock.now()
        with self._unit_of_work(relaxed=True) as work:
            due = work.outbox.claim_due(now=now, until=now + LEASE, limit=limit)
        sent = [message_id for message_id in due if self._send(message_id)]
        if sent:
            reach(FaultPoint.MAIL_SENT)
            with self._unit_of_work(relaxed=True) as work:
                work.outbox.mark_sent(sent, now=self._clock.now())
        return len(due)

    def _send(self, message_id: int) -> bool:
        with self._unit_of_work(read_only=True) as work:
            message = work.outbox.get(message_id)
            mail = self._compose(work, message)
        try:
            self._mailer.send(mail)
        except MailRejected as error:
            with self._unit_of_work() as work:
                work.outbox.bury(message_id, error=error.detail)
            return False
        except MailerUnavailable as error:
            self._try_later(message, error)
            return False
        return True

    def _try_later(self, message: OutboxMessage, error: MailerUnavailable) -> None:
        wait = retry_delay(message.attempts, longest=timedelta(hours=4))
        with self._unit_of_work(relaxed=True) as work:
            if message.attempts >= MOST_ATTEMPTS:
                work.outbox.bury(message.id, error=error.detail)
            else:
                work.outbox.retry(message.id, at=self._clock.now() + wait, error=error.detail)

    def _compose(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        match message.kind:
            case OutboxKind.TICKETS_ISSUED:
                return self._tickets_issued(work, OrderId(message.subject_id), message)
            case OutboxKind.PAYMENT_RETURNED:
                return self._about_refund(work, "payment_returned", message)
            case OutboxKind.TICKETS_REFUNDED:
                return self._about_refund(work, "tickets_refunded", message)
            case OutboxKind.PLACES_OFFERED:
                return self._places_offered(work, message)

    def _tickets_issued(self, work: UnitOfWork, order_id: OrderId, message: OutboxMessage) -> Mail:
        order = work.orders.get(order_id)
        buyer = work.users.get(order.buyer_id)
        tickets = work.tickets.listings_of_order(order_id)
        text = self._templates.render(
            "tickets_issued",
            buyer=buyer.full_name or buyer.username,
            event=tickets[0].event_title,
            location=tickets[0].event_location,
            starts_at=tickets[0].starts_at.astimezone(ZoneInfo(tickets[0].time_zone)),
            total=None if order.total.is_free else str(order.total),
            tickets=[{"id": ticket.id, "link": self._link(ticket)} for ticket in tickets],
        )
        return _mail(message, buyer.email, text, self._qr_codes(tickets))

    def _about_refund(self, work: UnitOfWork, name: str, message: OutboxMessage) -> Mail:
        refund = work.refunds.get(RefundId(message.subject_id))
        payment = work.payments.get(refund.payment_id)
        order = work.orders.get(payment.order_id)
        buyer = work.users.get(order.buyer_id)
        text = self._templates.render(
            name,
            buyer=buyer.full_name or buyer.username,
            event=work.events.get(order.event_id).title,
            amount=str(refund.amount),
            reference=payment.reference,
            reason=refund.reason,
        )
        return _mail(message, buyer.email, text)

    def _places_offered(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        order = work.orders.get(OrderId(message.subject_id))
        buyer = work.users.get(order.buyer_id)
        event = work.events.get(order.event_id)
        text = self._templates.render(
            "places_offered",
            buyer=buyer.full_name or buyer.username,
            event=event.title,
            quantity=order.quantity,
            total=str(order.total),
            order_id=order.id,
            until=order.expires_at.astimezone(ZoneInfo(event.time_zone)),
        )
        return _mail(message, buyer.email, text)

    def _qr_codes(self, tickets: Sequence[TicketListing]) -> list[Attachment]:
        return [
            Attachment(
                name=f"ticket-{ticket.id}.png",
                media_type="image/png",
                content=self._qr.png(ticket.code),
                content_id=f"ticket-{ticket.id}",
            )
            for ticket in tickets
        ]

    def _link(self, ticket: TicketListing) -> str:
        return f"{self._public_url}/t/{ticket.link_key}"


def _mail(
    message: OutboxMessage, to: str, text: MailText, attachments: Sequence[Attachment] = ()
) -> Mail:
    return Mail(
        key=f"outbox-{message.id}",
        to=to,
        subject=text.subject,
        text=text.text,
        html=text.html,
        attachments=attachments,
    )
