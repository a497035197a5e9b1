from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.ids import OrderId
from app.domain.listings import TicketListing
from app.domain.ports import Attachment, Mail, QrPainter, TicketSigner
from app.models.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMails:
    """Mails that bring tickets."""

    writer: MailWriter
    signer: TicketSigner
    qr: QrPainter

    def issued(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the buyer of an order: all its tickets that are still theirs and good."""
        order = work.orders.get(OrderId(message.subject_id))
        buyer = work.users.get(order.buyer_id)
        tickets = [
            ticket
            for ticket in work.tickets.listings_of_order(order.id)
            if ticket.is_good and ticket.user_id == buyer.id
        ]
        if not tickets:
            return None
        return self.writer.write(
            message,
            "tickets_issued",
            to=buyer.email,
            attachments=self._qr_codes(tickets),
            buyer=called(buyer),
            event=tickets[0].event_title,
            location=tickets[0].event_location,
            starts_at=tickets[0].starts_at.astimezone(ZoneInfo(tickets[0].time_zone)),
            total=None if order.total.is_free else str(order.total),
            tickets=[
                {"id": ticket.id, "link": self.writer.ticket_link(ticket)} for ticket in tickets
            ],
        )

    def _qr_codes(self, tickets: Sequence[TicketListing]) -> list[Attachment]:
        return [
            Attachment(
                name=f"ticket-{ticket.id}.png",
                media_type="image/png",
                content=self.qr.png(
                    self.signer.sign(ticket.facts, key_id=ticket.key_id),
                    caption=ticket.short_code,
                ),
                content_id=f"ticket-{ticket.id}",
            )
            for ticket in tickets
        ]
