from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.ids import TransferId
from app.domain.ports import LinkTokens, Mail
from app.domain.states import TransferState
from app.models.operations.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called, reads


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferMails:
    """Mails about tickets that change hands. The new holder's ticket itself is in TicketMails."""

    writer: MailWriter
    links: LinkTokens

    def offered(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the address a ticket was offered to: the link that accepts it, while it does."""
        transfer = work.transfers.get(TransferId(message.subject_id))
        if transfer.state != TransferState.OFFERED:
            return None
        ticket = work.tickets.current(transfer.ticket_id)
        giver = work.users.get(transfer.from_user_id)
        known = work.users.find_by_email(transfer.to_email)
        token = self.links.issue(transfer.link_subject)
        return self.writer.write(
            work,
            message,
            "transfer_offered",
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
        return self.writer.write(
            work,
            message,
            "transfer_accepted",
            to=giver.email,
            language=reads(giver),
            giver=called(giver),
            receiver=transfer.to_name or transfer.to_email,
            event=ticket.event_title,
            ticket_id=ticket.id,
        )
