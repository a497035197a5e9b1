"""When an event begins and ends, and when its tickets are sold."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from app.domain.checkin.doors import doors_close_at


@dataclass(frozen=True, slots=True)
class When:
    """When an event takes place, by the clocks of its place: what people are told.

    One that lasts whole days is told by its days alone.
    """

    starts_at: datetime
    ends_at: datetime | None
    all_day: bool

    @classmethod
    def there(
        cls, starts_at: datetime, ends_at: datetime | None, *, all_day: bool, time_zone: str
    ) -> Self:
        """The same moments, by the clocks of the IANA zone."""
        zone = ZoneInfo(time_zone)
        return cls(starts_at.astimezone(zone), ends_at and ends_at.astimezone(zone), all_day)

    @property
    def first_day(self) -> date:
        return self.starts_at.date()

    @property
    def last_day(self) -> date:
        """The last day it touches; an end at midnight touches no other day."""
        if self.ends_at is None:
            return self.first_day
        # By UTC: on local clocks, a day whose midnight is skipped would begin an hour late.
        last = self.ends_at.astimezone(UTC) - timedelta.resolution
        return last.astimezone(self.ends_at.tzinfo).date()

    @property
    def days(self) -> int:
        """How many days it touches."""
        return (self.last_day - self.first_day).days + 1

    @property
    def in_iso(self) -> tuple[str, str | None]:
        """Its begin and end as ISO 8601 has them: moments, or the first day and the last."""
        if self.all_day:
            return str(self.first_day), str(self.last_day)
        return self.starts_at.isoformat(), self.ends_at.isoformat() if self.ends_at else None


@dataclass(frozen=True, slots=True)
class Schedule:
    """When an event begins and ends, as far as its organizer has said."""

    starts_at: datetime
    ends_at: datetime | None
    all_day: bool = False
    """Whether it lasts whole days: then its end is the midnight after the last."""

    @property
    def sells_until(self) -> datetime:
        """Until when it is sold unless a ticket type says otherwise.

        People come to an event of whole days at any hour, so it is sold until its end.
        """
        return self.is_over_at if self.all_day else self.starts_at

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
        """When the sale ends: by default as the schedule says, never after the event's end."""
        return min(self.closes_at or schedule.sells_until, schedule.is_over_at)

    def is_open(self, schedule: Schedule, now: datetime) -> bool:
        """Whether now is inside the window."""
        return self.has_opened(now) and now < self.ends_at(schedule)
