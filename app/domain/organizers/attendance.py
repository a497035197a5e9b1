"""Who came to an event, and when: its scans, counted by gate and quarter of an hour."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from app.domain.checkin.doors import ScanReason

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class ScanCount:
    """How many scans were alike. ``quarter`` counts quarters of an hour from 1970 in UTC."""

    quarter: int
    gate: str | None
    reason: ScanReason
    is_undone: bool
    scans: int


@dataclass(frozen=True, slots=True)
class Scans:
    """Scans by what was said to them; those that were undone are not among them."""

    admitted: int = 0
    left: int = 0
    refused: int = 0

    @classmethod
    def of(cls, counts: Iterable[ScanCount]) -> "Scans":
        admitted = left = refused = 0
        for each in standing(counts):
            match each.reason:
                case ScanReason.ADMITTED:
                    admitted += each.scans
                case ScanReason.LEFT:
                    left += each.scans
                case _:
                    refused += each.scans
        return cls(admitted, left, refused)


def standing(counts: Iterable[ScanCount]) -> list[ScanCount]:
    """Those that were not undone."""
    return [each for each in counts if not each.is_undone]


def scans_by(counts: Iterable[ScanCount], key: Callable[[ScanCount], K]) -> list[tuple[K, Scans]]:
    """The scans of each key that has any, in the order in which the keys are met."""
    found: dict[K, list[ScanCount]] = defaultdict(list)
    for each in standing(counts):
        found[key(each)].append(each)
    return [(each, Scans.of(those)) for each, those in found.items()]


def refusals(counts: Iterable[ScanCount]) -> list[tuple[ScanReason, int]]:
    """How many scans were refused for each reason, the most frequent first."""
    found: dict[ScanReason, int] = defaultdict(int)
    for each in standing(counts):
        if each.reason not in (ScanReason.ADMITTED, ScanReason.LEFT):
            found[each.reason] += each.scans
    return sorted(found.items(), key=lambda one: (-one[1], one[0]))
