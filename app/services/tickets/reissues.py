"""Reissues and revocations of tickets that were sold, by organizers."""

from dataclasses import dataclass
from typing import Final

from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.errors import TicketNotFound, TicketNotRevoked, TicketOutOfUse
from app.domain.ids import TicketId
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.domain.tickets.ticket_states import TicketState
from app.domain.tickets.tickets import Holder
from app.models.events.events import Event
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.tickets.ticket_versions import TicketVersions, state_now

NEVER_REISSUED: Final = {
    TicketState.REFUNDED,
    TicketState.REVOKED,
    TicketState.EVENT_CANCELLED,
    TicketState.EVENT_OVER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReissueService:
    """Re-issues and revokes tickets, for an event's organizer and for admins."""

    database: Database
    clock: Clock
    versions: TicketVersions
    signal: WorkSignal

    def reissue(self, *, ticket_id: TicketId, organizer: User, reason: str) -> Ticket:
        """Replace the ticket's code, as when it was lost or seen by others; its holder gets a mail.

        One that was used stays used. An open offer of it is withdrawn.

        Raises:
            TicketNotFound: there is none, or it is of another organization's event.
            OrganizationRoleMissing: the caller's role does not allow it.
            TicketOutOfUse: it was refunded or revoked, or the event is off or over.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            ticket, event = _locked(work, ticket_id, organizer)
            state = state_now(ticket, event, now)
            if state in NEVER_REISSUED:
                raise TicketOutOfUse(ticket_id, state)
            self.versions.renew(
                work,
                ticket,
                holder=Holder(ticket.user_id, ticket.attendee_name),
                by=organizer.id,
                reason=reason,
                only_unused=False,
                now=now,
            )
            about = About(AdminSubject.TICKET, ticket_id, ticket.user_id)
            kind = AdminActionKind.TICKET_REISSUED
            work.admin_actions.note_if_admin(organizer.actor, kind, about, now=now, reason=reason)
            work.transfers.withdraw_of([ticket_id], now=now)
        self.signal.wake()
        return ticket

    def revoke(self, *, ticket_id: TicketId, organizer: User, reason: str) -> Ticket:
        """Revoke the ticket. Its place stays taken, and it can still be refunded.

        Raises:
            TicketNotFound: there is none, or it is of another organization's event.
            OrganizationRoleMissing: the caller's role does not allow it.
            TicketOutOfUse: it was refunded or revoked before.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            ticket, event = _locked(work, ticket_id, organizer)
            if not work.tickets.revoke(ticket_id, reason=reason, now=now):
                raise TicketOutOfUse(ticket_id, state_now(ticket, event, now))
            about = About(AdminSubject.TICKET, ticket_id, ticket.user_id)
            kind = AdminActionKind.TICKET_REVOKED
            work.admin_actions.note_if_admin(organizer.actor, kind, about, now=now, reason=reason)
            work.transfers.withdraw_of([ticket_id], now=now)
        return ticket

    def restore(self, *, ticket_id: TicketId, organizer: User) -> None:
        """Let a revoked ticket in again.

        Raises:
            TicketNotFound: there is none, or it is of another organization's event.
            OrganizationRoleMissing: the caller's role does not allow it.
            TicketNotRevoked: it is not revoked, or was refunded since.
        """
        with self.database.writing() as work:
            _locked(work, ticket_id, organizer)
            if not work.tickets.restore(ticket_id):
                raise TicketNotRevoked(ticket_id)


def _locked(work: UnitOfWork, ticket_id: TicketId, organizer: User) -> tuple[Ticket, Event]:
    """The ticket, kept from refunds and transfers, with its event, if the caller may change it."""
    ticket = work.tickets.get(ticket_id)
    event = work.event_access.for_actor(
        organizer.actor, ticket.event_id, Action.HELP_HOLDERS, otherwise=TicketNotFound(ticket_id)
    )
    work.orders.lock(ticket.order_id)
    return work.tickets.refreshed(ticket), event
