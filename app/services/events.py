"""Events: what is on, and who may say so."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from app.domain.errors import (
    CapacityTooSmall,
    EventHasOrders,
    EventInPast,
    EventValueInvalid,
    NotLoggedIn,
    PriceNotPayable,
    RoleMissing,
)
from app.domain.ids import EventId, UserId
from app.domain.listings import EventListing
from app.domain.money import MAXIMUM_CHARGE_MINOR, MINIMUM_CHARGE_MINOR, Money
from app.domain.paging import Cursor, EventSort, Page
from app.domain.ports import Clock
from app.domain.states import Role
from app.models.events import Event, TicketType
from app.models.users import User
from app.repositories.events import EventFilter
from app.repositories.unit_of_work import UnitOfWork, UnitOfWorkFactory

GENERAL_ADMISSION = "General admission"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvent:
    """An event as its organizer describes it. ``price`` is in major units of ``currency``."""

    title: str
    starts_at: datetime
    location: str
    price: Decimal
    category: str | None = None
    description: str | None = None
    ends_at: datetime | None = None
    time_zone: str
    image_url: str | None = None
    currency: str
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class EventChanges:
    """Values to set, by the names of ``NewEvent``; what is absent stays."""

    values: dict[str, Any] = field(default_factory=dict)


class EventService:
    """Shows events, and lets their organizers create and change them."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        anyone_may_create: bool,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._anyone_may_create = anyone_may_create

    def create(self, *, organizer: User | None, new: NewEvent) -> EventListing:
        """Put an event on sale. In the demo environment nobody needs to be logged in.

        Raises:
            NotLoggedIn: nobody is logged in, and this is not the demo environment.
            RoleMissing: the account is a buyer's, and this is not the demo environment.
            EventInPast: it starts now or earlier.
            EventValueInvalid: it ends before it starts.
            PriceNotPayable: Paystack does not charge such an amount.
        """
        self._ensure_may_create(organizer)
        now = self._clock.now()
        _ensure_dates(new.starts_at, new.ends_at, now=now)
        price = _payable(new.price, new.currency)
        event = Event(
            organizer_id=organizer.id if organizer else None,
            title=new.title,
            category=new.category,
            location=new.location,
            description=new.description,
            image_url=new.image_url,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            time_zone=new.time_zone,
            currency=new.currency,
            price_minor=price.minor,
            created_at=now,
            updated_at=now,
        )
        event.describe()
        with self._unit_of_work() as work:
            work.events.add(event)
            work.ticket_types.add(
                TicketType(
                    event_id=event.id,
                    name=GENERAL_ADMISSION,
                    price_minor=price.minor,
                    capacity=new.capacity,
                    sales_close_at=new.starts_at,
                )
            )
            return work.events.listing(event.id)

    def page(
        self, which: EventFilter, *, sort: EventSort, after: Cursor | None, limit: int
    ) -> Page[EventListing]:
        """One page of the public list."""
        with self._unit_of_work(read_only=True) as work:
            return work.events.page(which, sort=sort, after=after, limit=limit)

    def get(self, event_id: EventId) -> EventListing:
        """One event.

        Raises:
            EventNotFound: no event has this id.
        """
        with self._unit_of_work(read_only=True) as work:
            return work.events.listing(event_id)

    def edit(self, *, event_id: EventId, organizer: User, changes: EventChanges) -> EventListing:
        """Change an event. Tickets already ordered keep the price they were ordered at.

        Moments without an offset are local time in the event's zone, the new one if it changes.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventInPast: it would start now or earlier.
            EventValueInvalid: it would end before it starts.
            PriceNotPayable: Paystack does not charge such an amount.
            EventHasOrders: the currency would change although there are orders.
            CapacityTooSmall: places sold or held would be lost.
        """
        now = self._clock.now()
        values = dict(changes.values)
        with self._unit_of_work() as work:
            event = work.events.get_for(event_id, organizer_id=_scope(organizer))
            ticket_type = work.ticket_types.lock_of_event(event_id)
            _place_in_zone(values, values.get("time_zone", event.time_zone))
            if "capacity" in values:
                self._set_capacity(work, ticket_type, values.pop("capacity"))
            if "currency" in values and values["currency"] != event.currency:
                self._ensure_unordered(work, event_id)
            if "price" in values or "currency" in values:
                price = _payable(
                    values.pop("price", event.price.major), values.get("currency", event.currency)
                )
                event.price_minor = ticket_type.price_minor = price.minor
            for name, value in values.items():
                setattr(event, name, value)
            if "starts_at" in values or "ends_at" in values:
                _ensure_dates(event.starts_at, event.ends_at, now=now)
                ticket_type.sales_close_at = event.starts_at
            event.updated_at = now
            event.describe()
            work.events.add(event)
            return work.events.listing(event_id)

    def delete(self, *, event_id: EventId, organizer: User) -> None:
        """Delete an event nobody ordered a ticket for.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            EventHasOrders: somebody did.
        """
        with self._unit_of_work() as work:
            work.events.get_for(event_id, organizer_id=_scope(organizer))
            self._ensure_unordered(work, event_id)
            work.events.delete(event_id)

    def _ensure_may_create(self, organizer: User | None) -> None:
        if self._anyone_may_create:
            return
        if organizer is None:
            raise NotLoggedIn
        if organizer.role == Role.BUYER:
            raise RoleMissing(Role.ORGANIZER)

    @staticmethod
    def _ensure_unordered(work: UnitOfWork, event_id: EventId) -> None:
        if work.events.has_orders(event_id):
            raise EventHasOrders(event_id)

    @staticmethod
    def _set_capacity(work: UnitOfWork, ticket_type: TicketType, capacity: int | None) -> None:
        if not work.ticket_types.set_capacity(ticket_type.id, capacity):
            raise CapacityTooSmall(ticket_type.taken)


def _scope(organizer: User) -> UserId | None:
    """Whose events the account may change: its own, or everybody's."""
    return None if organizer.role == Role.ADMIN else organizer.id


def _place_in_zone(values: dict[str, Any], time_zone: str) -> None:
    for name in ("starts_at", "ends_at"):
        moment: datetime | None = values.get(name)
        if moment is not None and moment.tzinfo is None:
            values[name] = moment.replace(tzinfo=ZoneInfo(time_zone))


def _ensure_dates(starts_at: datetime, ends_at: datetime | None, *, now: datetime) -> None:
    if starts_at <= now:
        raise EventInPast
    if ends_at is not None and ends_at <= starts_at:
        raise EventValueInvalid("ends_at", "must be later than the event's date")


def _payable(amount: Decimal, currency: str) -> Money:
    price = Money.from_major(amount, currency)
    smallest = Money(MINIMUM_CHARGE_MINOR[currency], currency)
    if not price.is_free and not smallest.minor <= price.minor <= MAXIMUM_CHARGE_MINOR:
        raise PriceNotPayable(price, smallest)
    return price
