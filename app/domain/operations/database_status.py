"""What a database says of itself."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """How it is at one moment."""

    clock: datetime | None
    """``None``: it is a file, and has none of its own."""
    takes_writes: bool
    """A standby does not, nor does one that was made read-only."""
