"""When an event begins and ends, and when its tickets are sold."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.checkin.doors import doors_close_at


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an event begins and ends, as far as its organizer has said."""

    starts_at: datetime
    ends_at: datetime | None

    @property
    def is_over_at(self) -> datetime:
        """From when on no ticket is admitted, so that nothing is sold either."""
        return doors_close_at(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class SaleWindow:
    """From when until when a ticket type is sold; ``None`` sets no bound of its own."""

    opens_at: datetime | None
    closes_at: datetime | None

    def has_opened(self, now: datetime) -> bool:
        """Whether the sale has begun, and perhaps ended since."""
        return self.opens_at is None or self.opens_at <= now

    def ends_at(self, schedule: Schedule) -> datetime:
        """When the sale ends: unless it says so, when the event begins; never after its end."""
        return min(self.closes_at or schedule.starts_at, schedule.is_over_at)

    def is_open(self, schedule: Schedule, now: datetime) -> bool:
        """Whether now is inside the window."""
        return self.has_opened(now) and now < self.ends_at(schedule)
