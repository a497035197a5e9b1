"""Transfers: the holder offers a ticket, another person accepts it, the old code ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import (
    AccountDisabled,
    LinkInvalid,
    RecipientDisabled,
    TicketNotFound,
    TicketOutOfUse,
    TooManyTransfers,
    TransferNotFound,
    TransferToSelf,
)
from app.domain.ids import TicketId, TransferId, UserId
from app.domain.paging import Cursor, Page
from app.domain.ports import Clock, IdGenerator, LinkTokens, WorkSignal
from app.domain.states import OutboxKind, TransferState
from app.domain.text import address_key
from app.domain.tickets.ticket_states import TicketState
from app.domain.tickets.tickets import Holder
from app.models.events.events import Event
from app.models.tickets.tickets import Ticket
from app.models.tickets.transfers import TicketTransfer
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.tickets.ticket_versions import TicketVersions, state_now
from app.services.users.accounts_by_mail import account_of

OFFER_LASTS: Final = timedelta(days=7)
"""At most; it ends when the event begins."""

MOST_OFFERS: Final = 10
OFFERS_WINDOW: Final = timedelta(days=1)
"""So many offers of one ticket in this time: each is a mail to any address the holder likes."""


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer as its link shows it."""

    transfer: TicketTransfer
    event: Event
    giver: User
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferService:
    """Moves tickets from one holder to the next. The order, its money and its places stay."""

    database: Database
    clock: Clock
    ids: IdGenerator
    links: LinkTokens
    versions: TicketVersions
    signal: WorkSignal

    def offer(
        self, *, ticket_id: TicketId, giver: User, email: str, name: str | None = None
    ) -> TicketTransfer:
        """Offer a ticket to the reader of ``email``; it stays the giver's until accepted.

        Raises:
            TicketNotFound: there is none, or it is another account's.
            TicketOutOfUse: it was used, refunded or revoked, or the event has begun or is off.
            TransferToSelf: the address is the giver's own.
            RecipientDisabled: the account with the address is disabled.
            TransferOpen: it is offered already.
            TooManyTransfers: it was offered too often today.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            ticket = _locked(work, ticket_id, holder_id=giver.id)
            event = work.events.get(ticket.event_id)
            _ensure_good(ticket, event, now)
            if address_key(email) == address_key(giver.email):
                raise TransferToSelf
            _ensure_takes(work, email)
            _ensure_seldom(work, ticket_id, now)
            work.transfers.expire_of(ticket_id, now=now)
            transfer = TicketTransfer(
                ticket_id=ticket_id,
                event_id=ticket.event_id,
                ticket_version=ticket.version,
                from_user_id=giver.id,
                to_email=email,
                to_name=name,
                state=TransferState.OFFERED,
                offered_at=now,
                expires_at=min(now + OFFER_LASTS, event.starts_at),
            )
            work.transfers.offer(transfer)
            work.outbox.enqueue(
                OutboxKind.TRANSFER_OFFERED, transfer.id, event_id=ticket.event_id, now=now
            )
        self.signal.wake()
        return transfer

    def page(self, *, giver_id: UserId, after: Cursor | None, limit: int) -> Page[TicketTransfer]:
        """One page of the offers an account made, the newest first."""
        with self.database.reading() as work:
            return work.transfers.page(giver_id, after=after, limit=limit)

    def withdraw(self, *, transfer_id: TransferId, giver_id: UserId) -> None:
        """Take an offer back that is not accepted yet.

        Raises:
            TransferNotFound: there is no open one of this id, or it is another account's.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            if not work.transfers.withdraw(transfer_id, giver_id=giver_id, now=now):
                raise TransferNotFound(transfer_id)

    def look(self, *, token: str) -> Offer:
        """What the link in the mail is about; changes nothing.

        Raises:
            LinkInvalid: it is not one of ours.
        """
        with self.database.reading() as work:
            transfer, ticket = self._found(work, token)
            event = work.events.get(ticket.event_id)
            giver = work.users.get(transfer.from_user_id)
        now = self.clock.now()
        is_open = transfer.is_open(now) and state_now(ticket, event, now) == TicketState.VALID
        return Offer(transfer, event, giver, is_open)

    def accept(self, *, token: str) -> tuple[TicketTransfer, Ticket]:
        """Take over the ticket offered by a link. No login is needed.

        It becomes that of the account with the address, which is opened if there is none.

        Raises:
            LinkInvalid: the link is not ours, or the offer was accepted, withdrawn or has ended.
            AccountDisabled: the account with the address is disabled.
            TicketOutOfUse: the ticket was used since, or the event has begun or is cancelled.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            transfer, ticket = self._found(work, token)
            work.orders.lock(ticket.order_id)
            if work.tickets.refreshed(ticket).version != transfer.ticket_version:
                raise LinkInvalid
            account = self._acceptor(work, transfer, now=now)
            if not work.transfers.accept(transfer.id, by=account.id, now=now):
                raise LinkInvalid
            _ensure_good(ticket, work.events.get(ticket.event_id), now)
            name = transfer.to_name or account.full_name or account.username
            self.versions.renew(
                work,
                ticket,
                holder=Holder(account.id, name),
                by=account.id,
                reason=None,
                only_unused=True,
                now=now,
            )
            work.outbox.enqueue(
                OutboxKind.TRANSFER_ACCEPTED, transfer.id, event_id=ticket.event_id, now=now
            )
        self.signal.wake()
        return transfer, ticket

    def expire(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """End offers whose time is over; tell how many."""
        return ItemRunner(self.database, self.clock).each(
            "transfers",
            lambda work, most: work.transfers.due_to_expire(self.clock.now(), limit=most),
            self._expire,
            limit=limit,
            keep_going=keep_going,
        )

    def _expire(self, transfer_id: TransferId) -> bool:
        with self.database.writing() as work:
            return work.transfers.expire(transfer_id, now=self.clock.now())

    def _found(self, work: UnitOfWork, token: str) -> tuple[TicketTransfer, Ticket]:
        """The offer whose link has this secret."""
        transfer = work.transfers.find(TransferId(self.links.row_id_in(token)))
        if transfer is None:
            raise LinkInvalid
        self.links.ensure(token, transfer.link_subject)
        return transfer, work.tickets.get(transfer.ticket_id)

    def _acceptor(self, work: UnitOfWork, transfer: TicketTransfer, *, now: datetime) -> User:
        if not transfer.is_open(now):
            raise LinkInvalid
        account = account_of(
            work, email=transfer.to_email, full_name=transfer.to_name, ids=self.ids, now=now
        )
        if account.is_disabled:
            raise AccountDisabled
        return account


def _locked(work: UnitOfWork, ticket_id: TicketId, *, holder_id: UserId) -> Ticket:
    """The holder's ticket, kept from refunds and other holders until the transaction ends."""
    ticket = work.tickets.get(ticket_id)
    work.orders.lock(ticket.order_id)
    if work.tickets.refreshed(ticket).user_id != holder_id:
        raise TicketNotFound(ticket_id)
    return ticket


def _ensure_good(ticket: Ticket, event: Event, now: datetime) -> None:
    state = state_now(ticket, event, now)
    if state != TicketState.VALID:
        raise TicketOutOfUse(ticket.id, state)


def _ensure_takes(work: UnitOfWork, email: str) -> None:
    account = work.users.find_by_email(email)
    if account is not None and account.is_disabled:
        raise RecipientDisabled(email)


def _ensure_seldom(work: UnitOfWork, ticket_id: TicketId, now: datetime) -> None:
    offers = work.transfers.offered_since(ticket_id, now - OFFERS_WINDOW)
    if len(offers) >= MOST_OFFERS:
        raise TooManyTransfers(offers[0] + OFFERS_WINDOW - now)
