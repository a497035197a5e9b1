"""What readers are shown: plain values, made in one query."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.ids import EventId, TicketId, UserId
from app.domain.money import Money


@dataclass(frozen=True, slots=True)
class EventListing:
    """An event with what is left of its places; ``capacity`` and ``held`` are of all its types."""

    id: EventId
    organizer_id: UserId | None
    title: str
    category: str | None
    location: str
    description: str | None
    image_url: str | None
    starts_at: datetime
    ends_at: datetime | None
    time_zone: str
    currency: str
    price_minor: int
    capacity: int | None
    taken: int
    sales_close_at: datetime

    @property
    def price(self) -> Money:
        return Money(self.price_minor, self.currency)

    @property
    def places_left(self) -> int | None:
        """Places somebody could hold now; ``None`` when there is no limit."""
        return None if self.capacity is None else max(self.capacity - self.taken, 0)


@dataclass(frozen=True, slots=True)
class TicketListing:
    """A ticket with the event it is for."""

    id: TicketId
    user_id: UserId
    code: str
    link_key: str
    purchase_date: datetime
    used_at: datetime | None
    event_id: EventId
    event_title: str
    event_location: str
    starts_at: datetime
    time_zone: str

    @property
    def is_used(self) -> bool:
        return self.used_at is not None
