"""What an organizer changes about an event, a ticket type or a promo code; all else stays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Final, Self, TypeAlias, TypeVar

from app.domain.ids import TicketTypeId
from app.domain.moments import in_zone

T = TypeVar("T")


class Unchanged(Enum):
    """Stands for a value that stays; ``None`` is a value like others."""

    UNCHANGED = "unchanged"


UNCHANGED: Final = Unchanged.UNCHANGED

Change: TypeAlias = T | Unchanged


def after(change: Change[T], before: T) -> T:
    """The value after the change."""
    return before if isinstance(change, Unchanged) else change


@dataclass(frozen=True, slots=True, kw_only=True)
class EventChanges:
    """Changes of an event, by the names of ``NewEvent``."""

    title: Change[str] = UNCHANGED
    starts_at: Change[datetime] = UNCHANGED
    location: Change[str] = UNCHANGED
    price: Change[Decimal] = UNCHANGED
    category: Change[str | None] = UNCHANGED
    description: Change[str | None] = UNCHANGED
    ends_at: Change[datetime | None] = UNCHANGED
    all_day: Change[bool] = UNCHANGED
    time_zone: Change[str] = UNCHANGED
    image_url: Change[str | None] = UNCHANGED
    currency: Change[str] = UNCHANGED
    capacity: Change[int | None] = UNCHANGED
    shared_capacity: Change[int | None] = UNCHANGED
    max_per_buyer: Change[int | None] = UNCHANGED
    refund_hours: Change[int | None] = UNCHANGED
    doors_open_at: Change[datetime | None] = UNCHANGED
    reentry: Change[bool] = UNCHANGED
    terms: Change[str | None] = UNCHANGED

    def in_zone(self, time_zone: str) -> Self:
        """The changes with their moments in UTC; those without an offset are local time there."""
        return replace(
            self,
            starts_at=_placed(self.starts_at, time_zone),
            ends_at=_placed(self.ends_at, time_zone),
            doors_open_at=_placed(self.doors_open_at, time_zone),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketTypeChanges:
    """Changes of a ticket type, by the names of ``NewTicketType``."""

    name: Change[str] = UNCHANGED
    price: Change[Decimal] = UNCHANGED
    capacity: Change[int | None] = UNCHANGED
    sales_open_at: Change[datetime | None] = UNCHANGED
    sales_close_at: Change[datetime | None] = UNCHANGED
    min_per_order: Change[int] = UNCHANGED
    max_per_order: Change[int] = UNCHANGED
    access_code: Change[str | None] = UNCHANGED

    def in_zone(self, time_zone: str) -> Self:
        """As ``EventChanges.in_zone``."""
        return replace(
            self,
            sales_open_at=_placed(self.sales_open_at, time_zone),
            sales_close_at=_placed(self.sales_close_at, time_zone),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PromoCodeChanges:
    """Changes of a promo code, by the names of ``NewPromoCode``, and whether it is stopped."""

    code: Change[str] = UNCHANGED
    value: Change[Decimal] = UNCHANGED
    max_uses: Change[int | None] = UNCHANGED
    valid_from: Change[datetime | None] = UNCHANGED
    valid_until: Change[datetime | None] = UNCHANGED
    ticket_type_ids: Change[Sequence[TicketTypeId]] = UNCHANGED
    is_stopped: Change[bool] = UNCHANGED

    def in_zone(self, time_zone: str) -> Self:
        """As ``EventChanges.in_zone``."""
        return replace(
            self,
            valid_from=_placed(self.valid_from, time_zone),
            valid_until=_placed(self.valid_until, time_zone),
        )


def _placed(change: Change[T], time_zone: str) -> Change[T]:
    if isinstance(change, datetime):
        return in_zone(change, time_zone)  # type: ignore[return-value]  # T is a moment here
    return change
