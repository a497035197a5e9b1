"""The next version of a ticket: the old code, link and short code end with it."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import TicketOutOfUse
from app.domain.ids import UserId
from app.domain.listings import TicketListing
from app.domain.ports import IdGenerator, TicketSigner
from app.domain.states import OutboxKind
from app.domain.tickets.ticket_states import TicketState, state_of
from app.domain.tickets.tickets import Holder, TicketSecrets
from app.models.events.events import Event
from app.models.tickets.tickets import Ticket
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketVersions:
    """Makes new versions of tickets, in the caller's transaction."""

    ids: IdGenerator
    signer: TicketSigner

    def renew(
        self,
        work: UnitOfWork,
        ticket: Ticket,
        *,
        holder: Holder,
        by: UserId,
        reason: str | None,
        only_unused: bool,
        now: datetime,
    ) -> None:
        """Give the ticket new secrets, and record a mail with them to its holder.

        Raises:
            TicketOutOfUse: the ticket has changed since the caller read it.
        """
        secrets = TicketSecrets(
            code=self.ids.short_code(),
            link_key=self.ids.token(),
            key_id=self.signer.current_key_id,
        )
        if not work.tickets.renew(
            ticket, secrets, holder=holder, by=by, reason=reason, only_unused=only_unused, now=now
        ):
            event = work.events.get(ticket.event_id)
            raise TicketOutOfUse(ticket.id, state_now(work.tickets.refreshed(ticket), event, now))
        work.outbox.enqueue(
            OutboxKind.TICKET_REISSUED,
            ticket.id,
            event_id=ticket.event_id,
            addressee_id=ticket.version,
            now=now,
        )


def state_now(ticket: Ticket | TicketListing, event: Event, now: datetime) -> TicketState:
    """How the ticket stands."""
    return state_of(
        status=ticket.status,
        revoked_at=ticket.revoked_at,
        used_at=ticket.used_at,
        cancelled_at=event.cancelled_at,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        now=now,
    )
