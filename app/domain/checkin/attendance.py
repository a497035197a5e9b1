"""How many came, as an organizer watches it."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TypeCount:
    """Of one ticket type: valid tickets, and those whose holder came in."""

    ticket_type: str
    tickets: int
    admitted: int


@dataclass(frozen=True, slots=True)
class GateCount:
    """Through one gate; ``None`` are those of gates without a name."""

    gate: str | None
    admitted: int


@dataclass(frozen=True, slots=True)
class DoorCounts:
    """Of a whole event. ``refused`` counts scans, all else tickets."""

    tickets: int
    inside: int
    admitted: int
    refused: int
    by_type: Sequence[TypeCount]
    by_gate: Sequence[GateCount]
