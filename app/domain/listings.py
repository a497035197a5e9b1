"""What readers are shown: plain values, made in one query."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.events.schedules import Schedule, When
from app.domain.ids import EventId, OrderId, OrganizationId, TicketId, TicketTypeId, UserId
from app.domain.languages import Language, marked
from app.domain.looks import OrganizationLook
from app.domain.money import Money
from app.domain.pictures import Picture, logo_of
from app.domain.states import TicketStatus
from app.domain.tickets.ticket_codes import TicketFacts, valid_until
from app.domain.tickets.ticket_states import TicketState


@dataclass(frozen=True, slots=True)
class TicketTypeListing:
    """A ticket type with what is left of its places."""

    id: TicketTypeId
    event_id: EventId
    name: str
    price_minor: int
    capacity: int | None
    taken: int
    sales_open_at: datetime | None
    sales_close_at: datetime | None
    min_per_order: int
    max_per_order: int
    access_code: str | None

    @property
    def places_left(self) -> int | None:
        """Places that could be held now; ``None`` when there is no limit of its own."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


@dataclass(frozen=True, slots=True)
class EventListing:
    """An event as readers see it. Its own ``capacity`` is shared by all ticket types."""

    id: EventId
    created_by: UserId | None
    organization_id: OrganizationId
    organization_name: str
    organization_contact: str | None
    organization_colour: str | None
    organization_logo_key: str | None
    organization_logo_width: int | None
    organization_logo_height: int | None
    title: str
    category: str | None
    location: str
    description: str | None
    image_url: str | None
    """Of a picture that lies elsewhere; see ``picture``."""
    picture_key: str | None
    picture_alt: str | None
    picture_width: int | None
    picture_height: int | None
    starts_at: datetime
    ends_at: datetime | None
    all_day: bool
    time_zone: str
    currency: str
    price_minor: int
    shared_capacity: int | None
    shared_taken: int
    max_per_buyer: int | None
    refund_hours: int | None
    doors_open_at: datetime | None
    reentry: bool
    terms: str | None
    cancelled_at: datetime | None
    sales_paused_at: datetime | None
    is_draft: bool
    version: int
    ticket_types: Sequence[TicketTypeListing]

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.starts_at, self.ends_at, self.all_day)

    @property
    def when(self) -> When:
        return When.there(
            self.starts_at, self.ends_at, all_day=self.all_day, time_zone=self.time_zone
        )

    @property
    def picture(self) -> Picture | None:
        """The picture that was uploaded, which is shown in place of one that lies elsewhere."""
        if self.picture_key is None or self.picture_width is None or self.picture_height is None:
            return None
        return Picture(self.picture_key, self.picture_width, self.picture_height)

    @property
    def look(self) -> OrganizationLook:
        """What buyers see of its organization."""
        return OrganizationLook(
            name=self.organization_name,
            contact_email=self.organization_contact,
            colour=self.organization_colour,
            logo=logo_of(
                self.organization_logo_key,
                self.organization_logo_width,
                self.organization_logo_height,
            ),
        )

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def capacity(self) -> int | None:
        """Places in all; ``None`` when there is no limit."""
        return smallest(self.shared_capacity, _total(t.capacity for t in self.ticket_types))

    @property
    def shared_left(self) -> int | None:
        """Places left of those that all ticket types share; ``None`` when they share no limit."""
        return None if self.shared_capacity is None else self.shared_capacity - self.shared_taken

    @property
    def places_left(self) -> int | None:
        """Places that could be held now; ``None`` when there is no limit."""
        return smallest(self.shared_left, _total(t.places_left for t in self.ticket_types))


def _total(parts: Iterable[int | None]) -> int | None:
    """The sum, or ``None`` when any part has no limit."""
    total = 0
    for part in parts:
        if part is None:
            return None
        total += part
    return total


def smallest(*limits: int | None) -> int | None:
    """The smallest of the limits that there are."""
    return min((limit for limit in limits if limit is not None), default=None)


@dataclass(frozen=True, slots=True)
class TicketListing:
    """A ticket with the event it is for."""

    id: TicketId
    user_id: UserId
    short_code: str
    link_key: str
    version: int
    key_id: int
    ticket_type: str
    attendee_name: str | None
    purchase_date: datetime
    used_at: datetime | None
    event_id: EventId
    event_title: str
    event_location: str
    starts_at: datetime
    ends_at: datetime | None
    all_day: bool
    time_zone: str
    status: TicketStatus
    revoked_at: datetime | None

    @property
    def when(self) -> When:
        """When the event takes place."""
        return When.there(
            self.starts_at, self.ends_at, all_day=self.all_day, time_zone=self.time_zone
        )

    @property
    def is_used(self) -> bool:
        return self.used_at is not None

    @property
    def state(self) -> TicketState:
        """How it stands, whatever becomes of its event."""
        if self.status == TicketStatus.VOID:
            return TicketState.REFUNDED
        if self.revoked_at is not None:
            return TicketState.REVOKED
        return TicketState.USED if self.is_used else TicketState.VALID

    @property
    def is_good(self) -> bool:
        """Whether it opens the door, or would if it were not used."""
        return self.status == TicketStatus.VALID and self.revoked_at is None

    @property
    def facts(self) -> TicketFacts:
        """What its QR code says."""
        return TicketFacts(
            ticket_id=self.id,
            event_id=self.event_id,
            version=self.version,
            not_before=self.purchase_date,
            not_after=valid_until(self.starts_at, self.ends_at),
            short_code=self.short_code,
        )


@dataclass(frozen=True, slots=True)
class Purchase:
    """The tickets of one order with their present holders, and the buyer."""

    tickets: Sequence[TicketListing]
    buyer_id: UserId
    buyer_email: str
    buyer_name: str
    total: Money


@dataclass(frozen=True, slots=True)
class TicketPaper:
    """What is printed on a ticket and no list shows."""

    order_id: OrderId
    number: int
    paid_minor: int
    currency: str
    holder: str
    organizer: str | None
    terms: str | None
    language: Language | None
    """What the holder reads; ``None``: as the shop does."""


@dataclass(frozen=True, slots=True)
class PrintedTicket:
    """Everything there is on paper."""

    ticket: TicketListing
    paper: TicketPaper
    colour: str | None = None
    """Of its organization, such as ``#1a5fb4``."""
    logo: Picture | None = None

    @property
    def language(self) -> Language:
        return self.paper.language or Language.ENGLISH

    def in_language(self, language: Language) -> "PrintedTicket":
        """The same for who reads this language."""
        return replace(self, paper=replace(self.paper, language=language))

    @property
    def paid(self) -> Money:
        return Money(self.paper.paid_minor, self.paper.currency)

    @property
    def why_not_good(self) -> str | None:
        """Why the ticket opens no door, if it does not."""
        if self.ticket.status is not TicketStatus.VALID:
            return marked("refunded")
        return marked("barred by the organizer") if self.ticket.revoked_at else None
