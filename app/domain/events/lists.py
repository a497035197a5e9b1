"""What is looked for in lists of events, and what is told of many of them."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of the mails of a message.

    ``preparing``: holders whose mail is not made yet; ``dropped``: the holder had no ticket any
    more when it was to be sent.
    """

    preparing: int = 0
    due: int = 0
    sent: int = 0
    failed: int = 0
    dropped: int = 0

    @property
    def waiting(self) -> int:
        """Mails that are still to be sent, made or not."""
        return self.preparing + self.due

    @property
    def has_begun(self) -> bool:
        """Whether mails were made."""
        return self != Progress(preparing=self.preparing)


@dataclass(frozen=True, slots=True)
class CategoryCount:
    """A category, and how many of its events are on or lie ahead."""

    name: str
    events: int


@dataclass(frozen=True, slots=True)
class EventsMark:
    """What is different once an event was created, changed, published or cancelled."""

    newest: int | None
    updated_at: datetime | None
    cancelled_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events to list; ``None`` does not filter. The window of dates excludes its end."""

    category: str | None = None
    words: str | None = None
    starts_from: datetime | None = None
    starts_before: datetime | None = None
    price_min_minor: int | None = None
    price_max_minor: int | None = None
    past: bool = False
    """Also events that are over."""
    cancelled: bool = False
    """Also events that were cancelled."""
