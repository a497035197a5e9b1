"""How long the call at hand may go on waiting for the database, and whether others let it pass."""

from contextvars import ContextVar
from typing import Final

CALL_ENDS_AT: Final[ContextVar[float | None]] = ContextVar("call_ends_at", default=None)
"""On the monotonic clock; ``None``: no call is at hand, as in the background work."""

GOES_FIRST: Final[ContextVar[bool]] = ContextVar("goes_first", default=False)
"""Whether the call at hand is a scan at a gate, where people stand and wait."""
