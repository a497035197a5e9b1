"""Disputes: a buyer's bank wants money back."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DisputeReport:
    """What a message says about a dispute; only its id is sure to be there.

    ``amount_minor`` is what the buyer wants back, ``due_at`` until when the shop may answer.
    """

    provider_id: str
    is_resolved: bool
    status: str | None
    category: str | None
    resolution: str | None
    amount_minor: int | None
    due_at: datetime | None

    @property
    def is_lost(self) -> bool:
        """Whether the buyer's bank gets the money: the shop accepted, or did not answer in time."""
        return self.is_resolved and (self.resolution or "").endswith("accepted")
