"""What the public pages show: what is on, and one event with what can be bought."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.events.lists import EventFilter
from app.domain.events.schedules import SaleWindow, Schedule
from app.domain.ids import EventId
from app.domain.listings import EventListing, TicketTypeListing, smallest
from app.domain.money import Money
from app.domain.orders.order_requests import opens
from app.domain.paging import Cursor, EventSort, Page
from app.domain.ports import Clock, QrPainter
from app.domain.users.attempts import ClientAddress
from app.repositories.database import Database
from app.services.events.categories import CategoryService
from app.services.operations.code_guesses import ACCESS_CODES

POSTER_PIXELS = 1000
CATEGORIES_ON_A_PAGE = 12


class SaleState(StrEnum):
    """Why a ticket type can be bought now, or not."""

    ON_SALE = "on sale"
    NOT_YET = "not yet"
    SOLD_OUT = "sold out"
    CLOSED = "closed"
    PAUSED = "paused"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class OfferedType:
    """A ticket type as buyers see it; moments are in the event's zone."""

    listing: TicketTypeListing
    price: Money
    state: SaleState
    left: int | None
    """Places to be had now; ``None``: no limit."""
    opens_at: datetime | None
    closes_at: datetime
    quantities: Sequence[int]
    """How many can be bought at once; empty unless it is on sale."""


@dataclass(frozen=True, slots=True)
class EventPage:
    """An event with what can be bought; moments are in the event's zone."""

    event: EventListing
    starts_at: datetime
    ends_at: datetime | None
    doors_open_at: datetime | None
    is_over: bool
    types: Sequence[OfferedType]

    @property
    def is_on_sale(self) -> bool:
        """Whether anything can be bought now."""
        return any(each.state == SaleState.ON_SALE for each in self.types)

    @property
    def is_paused(self) -> bool:
        """Whether something could be bought if its organizer had not paused the sales."""
        return any(each.state == SaleState.PAUSED for each in self.types)

    @property
    def is_sold_out(self) -> bool:
        """Whether all that is on sale is taken."""
        states = {each.state for each in self.types}
        return SaleState.SOLD_OUT in states and SaleState.ON_SALE not in states

    @property
    def lowest_price(self) -> Money | None:
        """The lowest price of a type without an access code; ``None`` if there is none."""
        return min((each.price for each in self.types), key=lambda price: price.minor, default=None)


@dataclass(frozen=True, slots=True)
class FrontPage:
    """A page of the list of events, with the categories one may choose from."""

    events: Page[EventPage]
    categories: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPageService:
    """Shows events to people who look around."""

    database: Database
    clock: Clock
    categories: CategoryService
    qr: QrPainter

    def front(self, which: EventFilter, *, after: Cursor | None, limit: int) -> FrontPage:
        """Events that are on or lie ahead, the next first."""
        now = self.clock.now()
        with self.database.reading() as work:
            found = work.events.page(which, sort=EventSort.DATE, after=after, limit=limit, now=now)
        categories = [each.name for each in self.categories.all()[:CATEGORIES_ON_A_PAGE]]
        return FrontPage(found.of(lambda event: _shown(event, now)), categories)

    def show(self, event_id: EventId) -> EventPage:
        """One event.

        Raises:
            EventNotFound: no event has this id.
        """
        with self.database.reading() as work:
            event = work.events.listing(event_id)
        return _shown(event, self.clock.now())

    def of(self, event: EventListing) -> EventPage:
        """The page of an event that was read already, such as a draft for its members."""
        return _shown(event, self.clock.now())

    def unlocked(
        self, event_id: EventId, *, access_code: str, client: ClientAddress
    ) -> EventPage | None:
        """One event with the hidden ticket types that the code opens; ``None`` if it opens none.

        A wrong code is counted, by client address and event.

        Raises:
            EventNotFound: no event has this id.
            TooManyGuesses: too many wrong ones came from there, or for the event.
        """
        now = self.clock.now()
        counters = ACCESS_CODES.counters(None, event_id, client)
        with self.database.reading() as work:
            ACCESS_CODES.ensure_may_try(work, counters, now=now)
            event = work.events.listing(event_id, with_hidden=True)
        types = [each for each in event.ticket_types if opens(each.access_code, access_code)]
        if all(each.access_code is None for each in types):
            with self.database.writing() as work:
                ACCESS_CODES.count_wrong(work, counters, now=now)
            return None
        return _shown(replace(event, ticket_types=types), now)

    def poster_code(self, address: str) -> bytes:
        """The QR code of an event's address, as SVG to be printed."""
        return self.qr.svg(address, title=f"QR code of {address}", pixels=POSTER_PIXELS)


def _shown(event: EventListing, now: datetime) -> EventPage:
    zone = ZoneInfo(event.time_zone)
    schedule = event.schedule
    return EventPage(
        event=event,
        starts_at=event.starts_at.astimezone(zone),
        ends_at=_local(event.ends_at, zone),
        doors_open_at=_local(event.doors_open_at, zone),
        is_over=now >= schedule.is_over_at,
        types=[_offered(event, each, schedule, now) for each in event.ticket_types],
    )


def _offered(
    event: EventListing, listing: TicketTypeListing, schedule: Schedule, now: datetime
) -> OfferedType:
    zone = ZoneInfo(event.time_zone)
    window = SaleWindow(listing.sales_open_at, listing.sales_close_at)
    left = smallest(listing.places_left, event.shared_left)
    state = _state(event, listing, window, left, schedule, now)
    most = smallest(left, listing.max_per_order, event.max_per_buyer) or 0
    is_on_sale = state == SaleState.ON_SALE
    return OfferedType(
        listing=listing,
        price=Money(listing.price_minor, event.currency),
        state=state,
        left=left,
        opens_at=_local(window.opens_at, zone),
        closes_at=window.ends_at(schedule).astimezone(zone),
        quantities=range(listing.min_per_order, most + 1) if is_on_sale else (),
    )


def _state(
    event: EventListing,
    listing: TicketTypeListing,
    window: SaleWindow,
    left: int | None,
    schedule: Schedule,
    now: datetime,
) -> SaleState:
    if event.is_draft:
        return SaleState.DRAFT
    if event.cancelled_at is not None or (
        window.has_opened(now) and not window.is_open(schedule, now)
    ):
        return SaleState.CLOSED
    if not window.has_opened(now):
        return SaleState.NOT_YET
    if event.sales_paused_at is not None:
        return SaleState.PAUSED
    if left is not None and left < listing.min_per_order:
        return SaleState.SOLD_OUT
    return SaleState.ON_SALE


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.astimezone(zone) if moment else None
