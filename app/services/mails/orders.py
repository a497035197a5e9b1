from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.ids import OrderId, RefundId
from app.domain.ports import Mail
from app.models.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMails:
    """Mails about orders and their money."""

    writer: MailWriter

    def payment_returned(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """The money arrived, was of no use, and goes back."""
        return self._about_refund(work, "payment_returned", message)

    def tickets_refunded(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """Tickets were given back."""
        return self._about_refund(work, "tickets_refunded", message)

    def places_offered(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """To the first in line: places are held for them."""
        order = work.orders.get(OrderId(message.subject_id))
        buyer = work.users.get(order.buyer_id)
        event = work.events.get(order.event_id)
        return self.writer.write(
            message,
            "places_offered",
            to=buyer.email,
            buyer=called(buyer),
            event=event.title,
            quantity=order.quantity,
            total=str(order.total),
            order_id=order.id,
            until=order.expires_at.astimezone(ZoneInfo(event.time_zone)),
        )

    def _about_refund(self, work: UnitOfWork, name: str, message: OutboxMessage) -> Mail:
        refund = work.refunds.get(RefundId(message.subject_id))
        payment = work.payments.get(refund.payment_id)
        order = work.orders.get(payment.order_id)
        buyer = work.users.get(order.buyer_id)
        return self.writer.write(
            message,
            name,
            to=buyer.email,
            buyer=called(buyer),
            event=work.events.get(order.event_id).title,
            amount=str(refund.amount),
            reference=payment.reference,
            reason=refund.reason,
        )
