"""The page of a ticket, and what became of those that were replaced."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from app.domain.errors import TicketPageNotFound, TicketPageReplaced
from app.domain.listings import TicketListing
from app.domain.looks import OrganizationLook
from app.domain.ports import Clock
from app.domain.tickets.ticket_states import TicketState
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.tickets.ticket_versions import state_now


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A ticket as its page shows it; moments are in the event's own zone."""

    ticket: TicketListing
    state: TicketState
    holder: str
    ends_at: datetime | None
    doors_open_at: datetime | None
    terms: str | None
    look: OrganizationLook

    @property
    def opens_door(self) -> bool:
        """Whether there is any use in showing its code."""
        return self.state in {TicketState.VALID, TicketState.EVENT_BEGUN, TicketState.USED}


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPageService:
    """Finds tickets by the unguessable addresses of their pages."""

    database: Database
    clock: Clock

    def show(self, link_key: str) -> TicketPage:
        """The ticket whose page has this address; anyone who has it has the ticket.

        Raises:
            TicketPageNotFound: there never was one.
            TicketPageReplaced: it was one until the ticket was transferred or issued again.
        """
        with self.database.reading() as work:
            ticket = work.tickets.find_by_link(link_key)
            if ticket is None:
                raise _gone(work, link_key)
            event = work.events.get(ticket.event_id)
            user = work.users.get(ticket.user_id)
            look = work.organizations.look(ticket.event_id)
        zone = ZoneInfo(event.time_zone)
        return TicketPage(
            ticket=ticket,
            state=state_now(ticket, event, self.clock.now()),
            holder=ticket.attendee_name or user.full_name or user.username,
            ends_at=event.ends_at and event.ends_at.astimezone(zone),
            doors_open_at=event.doors_open_at and event.doors_open_at.astimezone(zone),
            terms=event.terms,
            look=look,
        )


def _gone(work: UnitOfWork, link_key: str) -> TicketPageNotFound | TicketPageReplaced:
    old = work.tickets.find_replaced(link_key)
    if old is None:
        return TicketPageNotFound()
    ticket = work.tickets.current(old.ticket_id)
    return TicketPageReplaced(ticket.event_title, is_transferred=old.reason is None)
