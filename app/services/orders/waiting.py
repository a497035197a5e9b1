"""Waiting lists: entries, and offers of places of a sold-out type that are free again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import (
    AlreadyWaiting,
    BuyerLimitReached,
    EmailNotConfirmed,
    NotSoldOut,
    OrderValueInvalid,
    QuantityNotAllowed,
    SalesClosed,
    SalesPaused,
    SoldOut,
    TicketTypeNotFound,
)
from app.domain.ids import EventId, TicketTypeId, WaitingEntryId
from app.domain.listings import EventListing, smallest
from app.domain.money import most_at_once
from app.domain.orders.hold_limits import REMEMBERED_FOR, HoldLimits
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.orders.waiting import OPEN_ENTRIES, WaitingEnd, WaitingFilter
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.domain.states import OutboxKind, WaitingState
from app.models.events.ticket_types import TicketType
from app.models.orders.waiting import WaitingEntry
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.orders.waiters import Waiter
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.orders.order_placement import OrderPlacement


@dataclass(frozen=True, slots=True)
class Wait:
    """An entry, and how many come before it and one (``None`` once it waits no more)."""

    entry: WaitingEntry
    place_in_line: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingService:
    """Keeps the line, and offers freed places to the first in it whom they would do for.

    While the free places can serve an entry of the list, no other order can hold them.
    An entry that waits for more places than are free holds none of them back.
    """

    database: Database
    clock: Clock
    placement: OrderPlacement
    limits: HoldLimits
    signal: WorkSignal
    offer_for: timedelta

    def join(
        self, *, user: User, event_id: EventId, ticket_type_id: TicketTypeId, quantity: int
    ) -> Wait:
        """Get into the line for places that could be had, and are not free now.

        Raises:
            EmailNotConfirmed: an offer would be sent to an unconfirmed address.
            EventNotFound: no event has this id.
            TicketTypeNotFound: the event has no such type, or it is hidden.
            SalesClosed: it is not on sale now.
            SalesPaused: the organizer has paused the event's sales.
            QuantityNotAllowed: fewer or more than one order may hold, than there are, or than
                Paystack charges at once.
            BuyerLimitReached: the user would have more places than the event allows.
            TooManyLapsedHolds: the user's last holds of the event ended unpaid.
            NotSoldOut: there are that many places.
            AlreadyWaiting: the user is in this line.
        """
        if not user.email_confirmed:
            raise EmailNotConfirmed
        now = self.clock.now()
        entry = WaitingEntry(
            event_id=event_id,
            ticket_type_id=ticket_type_id,
            user_id=user.id,
            quantity=quantity,
            state=WaitingState.WAITING,
            joined_at=now,
        )
        with self.database.writing() as work:
            ensure_can_be_waited_for(work, entry, now=now)
            self.ensure_may_wait(work, entry, now=now)
            work.waiting.add(entry)
            return wait_of(work, entry)

    def ensure_may_wait(self, work: UnitOfWork, entry: WaitingEntry, *, now: datetime) -> None:
        """Refuse what this user may not wait for; the event's row tells the limit per buyer.

        Raises:
            BuyerLimitReached: the user would have more places than the event allows.
            TooManyLapsedHolds: the user's last holds of the event ended unpaid.
            AlreadyWaiting: the user is in this line.
        """
        most = work.events.listing(entry.event_id).max_per_buyer
        had = 0 if most is None else work.buyer_places.of(entry.event_id, entry.user_id)
        if most is not None and had + entry.quantity > most:
            raise BuyerLimitReached(entry.event_id, most)
        since = now - REMEMBERED_FOR
        ended = work.orders.ended_unpaid(entry.event_id, entry.user_id, since=since)
        self.limits.ensure_not_paused(entry.event_id, ended, now=now)
        known = work.waiting.find_open(entry.ticket_type_id, entry.user_id)
        if known is not None:
            raise AlreadyWaiting(known.id)

    def mine(self, *, user: User) -> Sequence[Wait]:
        """The user's entries, the newest first, at most 100."""
        with self.database.reading() as work:
            return [wait_of(work, entry) for entry in work.waiting.of_user(user.id)]

    def leave(self, *, user: User, entry_id: WaitingEntryId) -> None:
        """Get out of the line; an offer that was made already is an order, and stays.

        Raises:
            WaitingEntryNotFound: there is none, or it is another account's.
        """
        with self.database.writing() as work:
            entry = work.waiting.get_for(entry_id, user_id=user.id)
            work.waiting.move(entry.id, from_=WaitingState.WAITING, to=WaitingState.LEFT)
        self.signal.wake()

    def of_event(
        self,
        *,
        organizer: User,
        event_id: EventId,
        which: WaitingFilter = OPEN_ENTRIES,
        after: Cursor | None,
        limit: int,
    ) -> Page[Waiter]:
        """One page of the event's waiting list, in the order in which they joined.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.SEE_ORDERS)
            return work.waiting.of_event(event_id, which, after=after, limit=limit)

    def remove(self, *, organizer: User, event_id: EventId, entry_id: WaitingEntryId) -> None:
        """End an entry and tell its owner; an offer is an order already, and stays.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            WaitingEntryNotFound: there is none, or it is of another event.
        """
        with self.database.writing() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.CHANGE_ORDERS)
            entry = work.waiting.get_of_event(entry_id, event_id=event_id)
            self._end(work, entry.id, WaitingEnd.REMOVED)
        self.signal.wake()

    def end_impossible(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """End waits that can never be served any more; tell how many.

        Capacity, quantities, windows and the event itself may change while people wait.
        """
        return ItemRunner(self.database, self.clock).each(
            "ended waits",
            lambda work, most: work.waiting.impossible(now=self.clock.now(), limit=most),
            self._end_impossible,
            key=lambda entry: entry[0],
            limit=limit,
            keep_going=keep_going,
        )

    def _end_impossible(self, entry: tuple[WaitingEntryId, WaitingEnd]) -> bool:
        entry_id, why = entry
        with self.database.writing() as work:
            self._end(work, entry_id, why)
        return True

    def offer_due(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """Hold freed places for those who are first in line; tell how many offers were made."""
        return ItemRunner(self.database, self.clock).each(
            "waiting lists",
            lambda work, most: work.waiting.lines(limit=most),
            lambda line: self._offer_next(*line),
            key=lambda line: line[1],
            limit=limit,
            keep_going=keep_going,
        )

    def _offer_next(self, event_id: EventId, ticket_type_id: TicketTypeId) -> bool:
        with self.database.writing() as work:
            # The type's lock makes workers offer one after the other.
            work.ticket_types.get(event_id, ticket_type_id)
            entry = work.waiting.first(ticket_type_id)
            if entry is None:
                return False
            try:
                with work.part():
                    self._offer(work, entry)
            except (
                SoldOut,
                SalesClosed,
                SalesPaused,
                QuantityNotAllowed,
                OrderValueInvalid,
                TicketTypeNotFound,
            ):
                # Not free or not on sale now; what is so for good is ended by ``end_impossible``.
                return False
            except BuyerLimitReached:
                self._end(work, entry.id, WaitingEnd.BUYER_LIMIT)
        return True

    def _end(self, work: UnitOfWork, entry_id: WaitingEntryId, why: WaitingEnd) -> None:
        if work.waiting.move(
            entry_id, from_=WaitingState.WAITING, to=WaitingState.ENDED, ended_because=why
        ):
            event_id = work.waiting.get(entry_id).event_id
            work.outbox.enqueue(
                OutboxKind.WAIT_ENDED, entry_id, event_id=event_id, now=self.clock.now()
            )

    def _offer(self, work: UnitOfWork, entry: WaitingEntry) -> None:
        now = self.clock.now()
        item = RequestedItem(ticket_type_id=entry.ticket_type_id, quantity=entry.quantity)
        order, _, _ = self.placement.place(
            work,
            buyer=work.users.get(entry.user_id),
            order_request=OrderRequest(
                event_id=entry.event_id, items=[item], buyer_name=entry.buyer_name
            ),
            now=now,
            offer_for=self.offer_for,
        )
        work.waiting.move(
            entry.id, from_=WaitingState.WAITING, to=WaitingState.OFFERED, order_id=order.id
        )
        work.outbox.enqueue(OutboxKind.PLACES_OFFERED, order.id, event_id=order.event_id, now=now)


def ensure_can_be_waited_for(work: UnitOfWork, entry: WaitingEntry, *, now: datetime) -> None:
    """Refuse an entry for places that could never be had, or are free now.

    Raises:
        EventNotFound: no event has this id.
        TicketTypeNotFound: the event has no such type, or it is hidden.
        SalesClosed: it is not on sale now.
        SalesPaused: the organizer has paused the event's sales.
        QuantityNotAllowed: see ``WaitingService.join``.
        NotSoldOut: there are that many places.
    """
    _, schedule = work.ticket_types.on_offer(entry.event_id)
    ticket_type = work.ticket_types.get(entry.event_id, entry.ticket_type_id)
    ticket_type.ensure_sold_to(
        access_code=None, quantity=entry.quantity, schedule=schedule, now=now
    )
    listing = work.events.listing(entry.event_id)
    _ensure_there_are(ticket_type, listing, entry.quantity)
    is_free = work.waiting.first(ticket_type.id) is None
    if is_free and _fits(ticket_type, listing, entry.quantity):
        raise NotSoldOut(ticket_type.id)


def _ensure_there_are(ticket_type: TicketType, listing: EventListing, quantity: int) -> None:
    """Refuse what could not be served if everything were free."""
    limits = (ticket_type.max_per_order, ticket_type.capacity, listing.shared_capacity)
    most = smallest(*limits, listing.max_per_buyer, most_at_once(ticket_type.price_minor))
    if most is not None and quantity > most:
        raise QuantityNotAllowed(ticket_type.id, ticket_type.min_per_order, most)


def _fits(ticket_type: TicketType, listing: EventListing, quantity: int) -> bool:
    shared = listing.shared_capacity
    return (
        ticket_type.capacity is None or ticket_type.taken + quantity <= ticket_type.capacity
    ) and (shared is None or listing.shared_taken + quantity <= shared)


def wait_of(work: UnitOfWork, entry: WaitingEntry) -> Wait:
    """The entry, with its place in the line."""
    return Wait(entry, work.waiting.place_in_line(entry) if entry.is_waiting else None)
