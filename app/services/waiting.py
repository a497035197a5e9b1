"""Waiting lists: who comes next when places of a sold-out type are freed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import (
    AlreadyWaiting,
    BuyerLimitReached,
    NotSoldOut,
    QuantityNotAllowed,
    SalesClosed,
    SoldOut,
    TicketTypeNotFound,
)
from app.domain.ids import EventId, TicketTypeId, WaitingEntryId
from app.domain.ports import Clock, WorkSignal
from app.domain.states import OutboxKind, WaitingState
from app.models.users import User
from app.models.waiting import WaitingEntry
from app.repositories.unit_of_work import UnitOfWork, UnitOfWorkFactory
from app.services.order_steps import OrderSteps
from app.services.wishes import WantedItem, Wish


@dataclass(frozen=True, slots=True)
class Wait:
    """An entry, and how many come before it and one (``None`` once it waits no more)."""

    entry: WaitingEntry
    place_in_line: int | None


class WaitingService:
    """Keeps the line, and offers freed places to whoever is first in it.

    While somebody waits for a type, nobody else can hold its places.
    """

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        orders: OrderSteps,
        signal: WorkSignal,
        offer_for: timedelta,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._orders = orders
        self._signal = signal
        self._offer_for = offer_for

    def join(
        self, *, user: User, event_id: EventId, ticket_type_id: TicketTypeId, quantity: int
    ) -> Wait:
        """Get into the line for a sold-out type.

        Raises:
            EventNotFound: no event has this id.
            TicketTypeNotFound: the event has no such type, or it is hidden.
            SalesClosed: it is not on sale now.
            QuantityNotAllowed: fewer or more than one order may hold.
            NotSoldOut: there are that many places.
            AlreadyWaiting: the user is in this line.
        """
        now = self._clock.now()
        with self._unit_of_work() as work:
            _, starts_at = work.ticket_types.on_offer(event_id)
            ticket_type = work.ticket_types.get(event_id, ticket_type_id)
            ticket_type.ensure_sold_to(
                access_code=None, quantity=quantity, starts_at=starts_at, now=now
            )
            known = work.waiting.find_open(ticket_type_id, user.id)
            if known is not None:
                raise AlreadyWaiting(known.id)
            if work.waiting.first(ticket_type_id) is None and _fits(
                work, event_id, ticket_type.capacity, ticket_type.taken, quantity
            ):
                raise NotSoldOut(ticket_type_id)
            entry = WaitingEntry(
                event_id=event_id,
                ticket_type_id=ticket_type_id,
                user_id=user.id,
                quantity=quantity,
                state=WaitingState.WAITING,
                joined_at=now,
                order_id=None,
            )
            work.waiting.add(entry)
            return _wait(work, entry)

    def mine(self, *, user: User) -> Sequence[Wait]:
        """The user's entries, the newest first, at most 100."""
        with self._unit_of_work(read_only=True) as work:
            return [_wait(work, entry) for entry in work.waiting.of_user(user.id)]

    def leave(self, *, user: User, entry_id: WaitingEntryId) -> None:
        """Get out of the line; an offer that was made already is an order, and stays.

        Raises:
            WaitingEntryNotFound: there is none, or it is somebody else's.
        """
        with self._unit_of_work() as work:
            entry = work.waiting.get_for(entry_id, user_id=user.id)
            work.waiting.move(entry.id, from_=WaitingState.WAITING, to=WaitingState.LEFT)
        self._signal.wake()

    def offer_due(self, *, limit: int = 50) -> int:
        """Hold freed places for those who are first in line; tell how many offers were made."""
        with self._unit_of_work(read_only=True) as work:
            lines = work.waiting.lines(limit=limit)
        return sum(self._offer_next(event_id, type_id) for event_id, type_id in lines)

    def _offer_next(self, event_id: EventId, ticket_type_id: TicketTypeId) -> bool:
        entry: WaitingEntry | None = None
        try:
            with self._unit_of_work() as work:
                # The type's lock makes workers offer one after the other.
                work.ticket_types.get(event_id, ticket_type_id)
                entry = work.waiting.first(ticket_type_id)
                if entry is None:
                    return False
                self._offer(work, entry)
        except (SoldOut, SalesClosed):
            # Still sold out, or not on sale now: whoever is first stays first.
            return False
        except (BuyerLimitReached, QuantityNotAllowed, TicketTypeNotFound):
            # They may not have what they wait for any more: the line goes on without them.
            self._skip(entry)
        return True

    def _skip(self, entry: WaitingEntry | None) -> None:
        if entry is not None:
            with self._unit_of_work() as work:
                work.waiting.move(entry.id, from_=WaitingState.WAITING, to=WaitingState.LAPSED)

    def _offer(self, work: UnitOfWork, entry: WaitingEntry) -> None:
        now = self._clock.now()
        item = WantedItem(ticket_type_id=entry.ticket_type_id, quantity=entry.quantity)
        order, _, _ = self._orders.place(
            work,
            buyer_id=entry.user_id,
            wish=Wish(event_id=entry.event_id, items=[item]),
            now=now,
            offer_for=self._offer_for,
        )
        work.waiting.move(
            entry.id, from_=WaitingState.WAITING, to=WaitingState.OFFERED, order_id=order.id
        )
        work.outbox.promise(OutboxKind.PLACES_OFFERED, order.id, now=now)


def _fits(
    work: UnitOfWork, event_id: EventId, capacity: int | None, taken: int, quantity: int
) -> bool:
    listing = work.events.listing(event_id)
    shared = listing.shared_capacity
    return (capacity is None or taken + quantity <= capacity) and (
        shared is None or listing.shared_taken + quantity <= shared
    )


def _wait(work: UnitOfWork, entry: WaitingEntry) -> Wait:
    is_waiting = entry.state == WaitingState.WAITING
    return Wait(entry, work.waiting.place_in_line(entry) if is_waiting else None)
