"""What a database says of itself."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SchemaState(StrEnum):
    """What the database has, measured by the migrations that this release knows."""

    CURRENT = "current"
    MISSING = "missing"
    """Some are still to be run."""
    NEWER = "newer"
    """It has more, each of which is safe for the releases before it."""
    INCOMPATIBLE = "incompatible"
    """It has more, and this release does not know that it may work with them."""

    @property
    def is_served(self) -> bool:
        """Whether this release may work with it."""
        return self in (SchemaState.CURRENT, SchemaState.NEWER)


@dataclass(frozen=True, slots=True)
class DatabaseStatus:
    """How it is at one moment."""

    clock: datetime | None
    """``None``: it is a file, and has none of its own."""
    takes_writes: bool
    """A standby does not, nor does one that was made read-only."""
