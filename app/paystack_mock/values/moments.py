"""Moments: UTC milliseconds inside, ISO 8601 with milliseconds and Z outside."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    return datetime.now(UTC)


def to_ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)


def length_ms(duration: timedelta) -> int:
    return round(duration.total_seconds() * 1000)


def is_due(due_at_ms: int | None, now_ms: int) -> bool:
    """False when it is due at no time."""
    return due_at_ms is not None and due_at_ms <= now_ms


def iso(moment_ms: int) -> str:
    moment = datetime.fromtimestamp(moment_ms / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def iso_or_none(moment_ms: int | None) -> str | None:
    return None if moment_ms is None else iso(moment_ms)
