"""Waiting lists for buyers without an account: a link by mail stands in for the login."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.errors import LinkInvalid
from app.domain.ids import EventId, TicketTypeId, WaitingEntryId
from app.domain.ports import Clock, IdGenerator, LinkTokens, WorkSignal
from app.domain.states import OutboxKind, WaitingState
from app.domain.users.attempts import ClientAddress
from app.domain.users.names import guest_key
from app.models.orders.waiting import WaitingEntry
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.mail_limits import MailLimit
from app.services.orders.waiting import (
    Wait,
    WaitingService,
    ensure_can_be_waited_for,
    wait_of,
)
from app.services.users.guests import Guest, GuestLimit, guest_row

ASKED_BY_ONE: Final = MailLimit(most=5, within=timedelta(hours=1))
"""For one address, by all callers together."""


@dataclass(frozen=True, slots=True)
class GuestWait:
    """An entry behind its unguessable link."""

    wait: Wait
    token: str
    event_title: str
    ticket_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestWaitService:
    """Lets guests into waiting lists once they have shown to read mail at their address."""

    database: Database
    clock: Clock
    ids: IdGenerator
    links: LinkTokens
    waiting: WaitingService
    limit: GuestLimit
    signal: WorkSignal

    def ask(
        self,
        *,
        guest: Guest,
        event_id: EventId,
        ticket_type_id: TicketTypeId,
        quantity: int,
        client: ClientAddress,
    ) -> None:
        """Mail a link that gets the guest into the line. Until it is used, nothing is changed.

        What the address has bought, or waits for, makes no difference to the answer.

        Raises:
            TooManyCheckouts: from this network.
            TooManyMails: too many were asked for, for this address.
            AccountDisabled: an admin disabled the guest.
            EventNotFound: and all else ``ensure_can_be_waited_for`` refuses.
        """
        self.limit.count(client)
        now = self.clock.now()
        with self.database.writing() as work:
            ASKED_BY_ONE.count(work, f"wait:{guest_key(guest.email)}", now=now)
            entry = WaitingEntry(
                event_id=event_id,
                ticket_type_id=ticket_type_id,
                user_id=guest_row(work, guest, ids=self.ids, now=now).id,
                buyer_name=guest.name,
                quantity=quantity,
                state=WaitingState.UNCONFIRMED,
                joined_at=now,
            )
            ensure_can_be_waited_for(work, entry, now=now)
            work.waiting.add(entry)
            work.outbox.enqueue(OutboxKind.WAIT_ASKED, entry.id, event_id=event_id, now=now)
        self.signal.wake()

    def look(self, *, token: str) -> GuestWait:
        """The entry behind a link, as it stands; changes nothing.

        Raises:
            LinkInvalid: it is not one of ours.
        """
        with self.database.reading() as work:
            entry = self._found(work, token)
            kind = work.ticket_types.get(entry.event_id, entry.ticket_type_id)
            title = work.events.get(entry.event_id).title
            return GuestWait(wait_of(work, entry), token, title, kind.name)

    def join(self, *, token: str) -> None:
        """Get into the line, at the place of when it was asked for; the address is confirmed.

        Raises:
            LinkInvalid: it is not one of ours.
            NotSoldOut: and all else ``WaitingService.join`` refuses.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            entry = self._found(work, token)
            if entry.state != WaitingState.UNCONFIRMED:
                return
            user = work.users.lock(entry.user_id)
            user.email_confirmed_at = user.email_confirmed_at or now
            work.users.save()
            ensure_can_be_waited_for(work, entry, now=now)
            self.waiting.ensure_may_wait(work, entry, now=now)
            work.waiting.move(entry.id, from_=WaitingState.UNCONFIRMED, to=WaitingState.WAITING)

    def leave(self, *, token: str) -> None:
        """Get out of the line; an offer that was made already is an order, and stays.

        Raises:
            LinkInvalid: it is not one of ours.
        """
        with self.database.writing() as work:
            entry = self._found(work, token)
            for state in (WaitingState.UNCONFIRMED, WaitingState.WAITING):
                work.waiting.move(entry.id, from_=state, to=WaitingState.LEFT)
        self.signal.wake()

    def _found(self, work: UnitOfWork, token: str) -> WaitingEntry:
        entry = work.waiting.find(WaitingEntryId(self.links.row_id_in(token)))
        if entry is None or entry.buyer_name is None:
            raise LinkInvalid
        self.links.ensure(token, entry.link_subject)
        if not work.users.get(entry.user_id).had_address(entry.joined_at):
            raise LinkInvalid  # it lies in a mail to an address that its account has left
        return entry
