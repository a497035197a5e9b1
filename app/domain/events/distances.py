"""How far one event is from another, by the clocks of its place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from app.domain.moments import in_zone


@dataclass(frozen=True, slots=True)
class Distance:
    """Moves moments as an event's start is moved: doors at 18:00 stay doors at 18:00.

    Where clocks have changed in between, hours of the day are kept, not hours passed.
    """

    by: timedelta
    time_zone: str

    @classmethod
    def between(cls, start: datetime, other: datetime, *, time_zone: str) -> Self:
        return cls(_local(other, time_zone) - _local(start, time_zone), time_zone)

    def beyond(self, moment: datetime) -> datetime:
        """The moment as far from the other start as this one is from the first, in UTC.

        Raises:
            OverflowError: it would be before the year 1 or after 9999.
        """
        return in_zone(_local(moment, self.time_zone) + self.by, self.time_zone)

    def beyond_if_any(self, moment: datetime | None) -> datetime | None:
        """As ``beyond``; ``None`` stays ``None``."""
        return None if moment is None else self.beyond(moment)


def _local(moment: datetime, time_zone: str) -> datetime:
    return moment.astimezone(ZoneInfo(time_zone)).replace(tzinfo=None)
