"""Ticket types: what an event sells, at which price, to whom and when."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from app.domain.checkin.doors import doors_close_at
from app.domain.errors import (
    CapacityTooSmall,
    EventHasOrders,
    EventValueInvalid,
    LastTicketType,
    PriceNotPayable,
)
from app.domain.events.changes import UNCHANGED, TicketTypeChanges, after
from app.domain.events.versions import IfMatch
from app.domain.ids import EventId, TicketTypeId
from app.domain.listings import TicketTypeListing
from app.domain.moments import in_zone
from app.domain.money import MAXIMUM_CHARGE_MINOR, MINIMUM_CHARGE_MINOR, Money, smallest_coin
from app.domain.permissions import Action
from app.domain.text import name_key
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork

MOST_PER_ORDER: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicketType:
    """A ticket type as its organizer describes it. ``price`` is in the event's major units.

    Without a ``sales_close_at`` it is sold until the event begins.
    """

    name: str
    price: Decimal
    capacity: int | None = None
    sales_open_at: datetime | None = None
    sales_close_at: datetime | None = None
    min_per_order: int = 1
    max_per_order: int = MOST_PER_ORDER
    access_code: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTypeService:
    """Lets organizers shape what they sell, also during the sale."""

    database: Database

    def all_of(self, *, event_id: EventId, organizer: User) -> list[TicketTypeListing]:
        """All types of the event, hidden ones with their access codes.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.SEE_EVENT)
            event = work.events.listing(event_id, with_hidden=True, with_drafts=True)
            return list(event.ticket_types)

    def add(
        self,
        *,
        event_id: EventId,
        organizer: User,
        new: NewTicketType,
        if_match: IfMatch | None = None,
    ) -> TicketTypeListing:
        """Sell one more type.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            TicketTypeNameTaken: the event has one of this name.
            PriceNotPayable: Paystack does not charge such an amount.
            EventValueInvalid: the windows or quantities do not fit together.
            PreconditionFailed: the event is not as ``if_match`` says.
        """
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_as_read(if_match)
            work.ticket_types.lock_of_event(event_id)
            ticket_type = as_row(event, new)
            work.ticket_types.save(ticket_type)
            return _shown(work, event, ticket_type.id)

    def edit(
        self,
        *,
        event_id: EventId,
        ticket_type_id: TicketTypeId,
        organizer: User,
        changes: TicketTypeChanges,
        if_match: IfMatch | None = None,
    ) -> TicketTypeListing:
        """Change the type.

        Orders placed before keep the price they were placed at.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            TicketTypeNotFound: the event has no such type.
            TicketTypeNameTaken: the event has another one of this name.
            CapacityTooSmall: places sold or held would be lost.
            PriceNotPayable: Paystack does not charge such an amount.
            EventValueInvalid: the windows or quantities do not fit together.
            PreconditionFailed: the event is not as ``if_match`` says.
        """
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_as_read(if_match)
            ticket_type = work.ticket_types.get(event_id, ticket_type_id)
            if changes.capacity is not UNCHANGED and not work.ticket_types.set_capacity(
                ticket_type_id, changes.capacity
            ):
                raise CapacityTooSmall(ticket_type.taken)
            _apply(ticket_type, changes.in_zone(event.time_zone), currency=event.currency)
            _ensure_sensible(ticket_type)
            if changes.price is not UNCHANGED:
                ensure_chargeable(ticket_type, event.currency)
            elif changes.min_per_order is not UNCHANGED:
                ensure_chargeable(ticket_type, event.currency, field="min_per_order")
            if (changes.sales_open_at, changes.sales_close_at) != (UNCHANGED, UNCHANGED):
                _ensure_window(ticket_type, event)
            work.ticket_types.save(ticket_type)
            return _shown(work, event, ticket_type_id)

    def remove(
        self,
        *,
        event_id: EventId,
        ticket_type_id: TicketTypeId,
        organizer: User,
        if_match: IfMatch | None = None,
    ) -> None:
        """Stop selling a type without orders and waiting entries.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            TicketTypeNotFound: the event has no such type.
            LastTicketType: the event has no other one.
            EventHasOrders: it was ordered, or is waited for.
            PreconditionFailed: the event is not as ``if_match`` says.
        """
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(organizer.actor, event_id, Action.MANAGE_EVENT)
            event.ensure_as_read(if_match)
            # Codes before types, as when an order is placed: no deadlock.
            codes = work.promo_codes.lock_of_event(event_id)
            ticket_type = work.ticket_types.get(event_id, ticket_type_id)
            if len(work.ticket_types.of_event(event_id)) == 1:
                raise LastTicketType(event_id)
            if work.ticket_types.is_wanted(ticket_type_id):
                raise EventHasOrders(event_id)
            work.promo_codes.forget_type(codes, ticket_type_id)
            work.ticket_types.delete(ticket_type)
            event.count_change()
            event.price_minor = work.ticket_types.lowest_price(event_id) or 0


def _apply(ticket_type: TicketType, changes: TicketTypeChanges, *, currency: str) -> None:
    """Set what changes, but for the capacity."""
    if changes.price is not UNCHANGED:
        ticket_type.price_minor = payable(changes.price, currency).minor
    ticket_type.name = after(changes.name, ticket_type.name)
    ticket_type.name_key = name_key(ticket_type.name)
    ticket_type.sales_open_at = after(changes.sales_open_at, ticket_type.sales_open_at)
    ticket_type.sales_close_at = after(changes.sales_close_at, ticket_type.sales_close_at)
    ticket_type.min_per_order = after(changes.min_per_order, ticket_type.min_per_order)
    ticket_type.max_per_order = after(changes.max_per_order, ticket_type.max_per_order)
    ticket_type.access_code = after(changes.access_code, ticket_type.access_code)


def as_row(event: Event, new: NewTicketType) -> TicketType:
    """The row of a new type of the event.

    Raises:
        PriceNotPayable: Paystack does not charge such an amount.
        EventValueInvalid: the windows or quantities do not fit together.
    """
    ticket_type = TicketType(
        event_id=event.id,
        name=new.name,
        name_key=name_key(new.name),
        price_minor=payable(new.price, event.currency).minor,
        capacity=new.capacity,
        sales_open_at=new.sales_open_at and in_zone(new.sales_open_at, event.time_zone),
        sales_close_at=new.sales_close_at and in_zone(new.sales_close_at, event.time_zone),
        min_per_order=new.min_per_order,
        max_per_order=new.max_per_order,
        access_code=new.access_code,
    )
    _ensure_sensible(ticket_type)
    ensure_chargeable(ticket_type, event.currency)
    _ensure_sellable(ticket_type, event)
    _ensure_window(ticket_type, event)
    return ticket_type


def payable(amount: Decimal, currency: str, *, field: str = "ticket_price") -> Money:
    """The price, if it is free or something Paystack charges. A refusal names the ``field``.

    Raises:
        PriceNotPayable: it is less or more than Paystack charges in this currency, or finer than
            what can be paid in it.
    """
    try:
        price = Money.from_major(amount, currency)
    except ValueError as error:
        rule = f"must be a multiple of {Money(smallest_coin(currency), currency)}"
        raise PriceNotPayable(f"{currency} {amount:,}", rule, field=field) from error
    smallest = Money(MINIMUM_CHARGE_MINOR[currency], currency)
    largest = Money(MAXIMUM_CHARGE_MINOR, currency)
    if not price.is_free and not smallest.minor <= price.minor <= largest.minor:
        raise PriceNotPayable(str(price), f"must be 0, or {smallest} to {largest}", field=field)
    return price


def ensure_chargeable(
    ticket_type: TicketType, currency: str, *, field: str = "ticket_price"
) -> None:
    """Refuse a type whose smallest order costs more than Paystack charges at once.

    Raises:
        PriceNotPayable: it does; the refusal names the ``field``.
    """
    fewest = ticket_type.min_per_order
    price = Money(ticket_type.price_minor, currency)
    most = Money(MAXIMUM_CHARGE_MINOR // fewest, currency).in_whole_coins
    if price.minor > most.minor:
        rule = f"must be at most {most} where an order holds at least {fewest} tickets"
        raise PriceNotPayable(str(price), rule, field=field)


def _ensure_sensible(ticket_type: TicketType) -> None:
    if ticket_type.max_per_order < ticket_type.min_per_order:
        raise EventValueInvalid("max_per_order", "must be at least min_per_order")


def _ensure_sellable(ticket_type: TicketType, event: Event) -> None:
    """Refuse a new type whose smallest order is more than it, its event or one buyer may have."""
    most = (ticket_type.capacity, event.capacity, event.max_per_buyer)
    for name, limit in zip(("capacity", "shared_capacity", "max_per_buyer"), most, strict=True):
        if limit is not None and limit < ticket_type.min_per_order:
            raise EventValueInvalid("min_per_order", f"must not be more than the {name}")


def _ensure_window(ticket_type: TicketType, event: Event) -> None:
    unfit = ticket_type.unfit_window(doors_close_at(event.starts_at, event.ends_at))
    if unfit is not None:
        raise EventValueInvalid(*unfit)


def _shown(work: UnitOfWork, event: Event, ticket_type_id: TicketTypeId) -> TicketTypeListing:
    event.count_change()
    event.price_minor = work.ticket_types.lowest_price(event.id) or 0
    types = work.events.listing(event.id, with_hidden=True, with_drafts=True).ticket_types
    return next(ticket_type for ticket_type in types if ticket_type.id == ticket_type_id)
