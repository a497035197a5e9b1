"""When an event begins and ends."""

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
        """From when on nobody is admitted, so that nothing is sold either."""
        return doors_close_at(self.starts_at, self.ends_at)
