"""When a ticket type is on sale."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.events.schedules import Schedule


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
