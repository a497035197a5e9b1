"""How the database's migrations and this release go together."""

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
