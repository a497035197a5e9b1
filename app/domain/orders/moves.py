"""Changes of orders' statuses."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Moved:
    """What else has to follow a change of an order's status."""

    shares_capacity: bool
    """The event counts places of all types together. Reliable behind a lock of the type."""
    was_offered: bool
    """It came from the waiting list."""
    is_cancelled: bool
    """The event was cancelled. Reliable behind a lock of the type."""
