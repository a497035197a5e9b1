from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.ids import OrderId, TicketId, TransferId
from app.domain.listings import TicketListing
from app.domain.ports import Attachment, Mail, QrPainter, TicketSigner
from app.domain.states import TransferState
from app.models.operations.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, budget_of, called, reads


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMails:
    writer: MailWriter
    signer: TicketSigner
    qr: QrPainter

    def issued(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the buyer of an order: all its tickets that are still theirs and good."""
        bought = work.tickets.bought_with(OrderId(message.subject_id))
        if bought is None:
            return None
        own = [ticket for ticket in bought.tickets if ticket.user_id == bought.buyer_id]
        tickets = [ticket for ticket in own if ticket.is_good]
        if not tickets:
            return None
        first, order = tickets[0], work.orders.get(OrderId(message.subject_id))
        return self.writer.write(
            work,
            message,
            to=bought.buyer_email,
            language=reads(work.users.get(order.buyer_id), order),
            budget=budget_of(order, is_free=bought.total.is_free),
            attachments=self._qr_codes(tickets),
            buyer=bought.buyer_name,
            event=first.event_title,
            location=first.event_location,
            when=first.when,
            transferred=len(bought.tickets) - len(own),
            order_link=None if order.buyer_name is None else self.writer.order_link(order),
            total=None if bought.total.is_free else bought.total,
            tickets=[
                {"id": ticket.id, "link": self.writer.ticket_link(ticket)} for ticket in tickets
            ],
        )

    def reissued(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the holder of the version the message was recorded for: its code.

        Nothing is left to tell when there is a newer version, of which another message tells.
        """
        ticket = work.tickets.current(TicketId(message.subject_id))
        if not ticket.is_good or ticket.version != message.addressee_id:
            return None
        holder = work.users.get(ticket.user_id)
        before = work.tickets.replaced(ticket.id, version=ticket.version - 1)
        return self.writer.write_to(
            work,
            message,
            holder,
            attachments=self._qr_codes([ticket]),
            holder=called(holder),
            event=ticket.event_title,
            location=ticket.event_location,
            when=ticket.when,
            ticket={
                "id": ticket.id,
                "link": self.writer.ticket_link(ticket),
                "code": ticket.short_code,
            },
            reason=before.reason if before else None,
        )

    def offered(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the address a ticket was offered to: the link that accepts it, while it does."""
        transfer = work.transfers.get(TransferId(message.subject_id))
        if transfer.state != TransferState.OFFERED:
            return None
        ticket = work.tickets.current(transfer.ticket_id)
        giver = work.users.get(transfer.from_user_id)
        known = work.users.find_by_email(transfer.to_email)
        token = self.writer.links.issue(transfer.link_subject)
        return self.writer.write(
            work,
            message,
            to=transfer.to_email,
            language=(known and reads(known)) or reads(giver),
            receiver=transfer.to_name,
            giver=called(giver),
            event=ticket.event_title,
            ticket_type=ticket.ticket_type,
            location=ticket.event_location,
            when=ticket.when,
            until=transfer.expires_at.astimezone(ZoneInfo(ticket.time_zone)),
            link=f"{self.writer.public_url}/transfer?token={token}",
        )

    def accepted(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """To the giver: the ticket was accepted."""
        transfer = work.transfers.get(TransferId(message.subject_id))
        ticket = work.tickets.current(transfer.ticket_id)
        giver = work.users.get(transfer.from_user_id)
        return self.writer.write_to(
            work,
            message,
            giver,
            giver=called(giver),
            receiver=transfer.to_name or transfer.to_email,
            event=ticket.event_title,
            ticket_id=ticket.id,
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
