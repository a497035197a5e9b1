"""Which scans of one ticket count, when scanners were offline and tell of them later.

What was answered online stands. The scans of scanners that were offline are put in the order in
which they happened, wherever and in whatever order they were uploaded, and the first that the
event's policy allows counts. So the same scans always lead to the same result.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from app.domain.checkin.doors import Direction, ScanReason
from app.domain.ids import CheckInId


@dataclass(frozen=True, slots=True)
class Move:
    """A scan that may count: an accepted one, or what a scanner admitted while it was offline."""

    id: CheckInId
    scan_id: str
    direction: Direction
    at: datetime
    """When it was answered; of a scanner that was offline, when it says it happened."""
    is_answered: bool
    """It was accepted online, and never changes."""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What became of a move."""

    move: Move
    reason: ScanReason
    entry: Move | None = None
    """The entry that stands in its way."""

    @property
    def counts(self) -> bool:
        return self.reason in (ScanReason.ADMITTED, ScanReason.LEFT)


def rule(moves: Sequence[Move], *, reentry: bool) -> list[Ruling]:
    """What counts of a ticket's moves, in the order in which they happened.

    Args:
        moves: in the order in which the shop heard of them.
        reentry: whether people may leave and come back.
    """
    ordered = in_order(moves)
    return _with_reentry(ordered) if reentry else _once(ordered)


def in_order(moves: Sequence[Move]) -> list[Move]:
    """The moves, in the order in which the shop heard of them, as they happened.

    Clocks differ, but an online answer knew all that was told before: it comes after that.
    """
    keys: dict[CheckInId, tuple[datetime, bool, int, str]] = {}
    latest: datetime | None = None
    for number, move in enumerate(moves):
        latest = move.at if latest is None else max(latest, move.at)
        if move.is_answered:
            keys[move.id] = (latest, True, number, "")
        else:
            keys[move.id] = (move.at, False, 0, move.scan_id)
    return sorted(moves, key=lambda move: keys[move.id])


def _once(moves: Sequence[Move]) -> list[Ruling]:
    entries = [move for move in moves if move.direction == Direction.IN]
    entry = next((move for move in entries if move.is_answered), None) or next(iter(entries), None)
    return [_rule_once(move, entry) for move in moves]


def _rule_once(move: Move, entry: Move | None) -> Ruling:
    if move is entry:
        return Ruling(move, ScanReason.ADMITTED)
    if move.direction == Direction.OUT:
        return Ruling(move, ScanReason.NO_REENTRY)
    return Ruling(move, ScanReason.ALREADY_USED, entry)


def _with_reentry(moves: Sequence[Move]) -> list[Ruling]:
    rulings: list[Ruling] = []
    told: list[Move] = []
    for is_answered, group in groupby(moves, key=lambda move: move.is_answered):
        if not is_answered:
            told = list(group)
            continue
        for answered in group:
            rulings += _between(told, _entry_after(rulings), answered)
            rulings.append(Ruling(answered, _reason(answered)))
            told = []
    return rulings + _between(told, _entry_after(rulings), None)


def _between(told: Sequence[Move], entry: Move | None, answered: Move | None) -> list[Ruling]:
    """Rule on what happened before an online answer, so that the answer stays true.

    ``entry`` is the admission that counts so far and was not followed by leaving.
    """
    dropped: set[CheckInId] = set()
    while True:
        rulings: list[Ruling] = []
        inside = entry
        for move in told:
            rulings.append(_rule_next(move, inside, answered if move.id in dropped else None))
            if rulings[-1].counts:
                inside = move if move.direction == Direction.IN else None
        counted = [ruling.move.id for ruling in rulings if ruling.counts]
        fits = answered is None or (inside is None) == (answered.direction == Direction.IN)
        if fits or not counted:
            return rulings
        dropped.add(counted[-1])


def _rule_next(move: Move, inside: Move | None, instead: Move | None) -> Ruling:
    if move.direction == Direction.IN:
        entry = inside or instead
        return Ruling(move, _reason(move) if entry is None else ScanReason.ALREADY_USED, entry)
    if inside is None or instead is not None:
        return Ruling(move, ScanReason.NOT_INSIDE)
    return Ruling(move, _reason(move))


def _reason(move: Move) -> ScanReason:
    return ScanReason.ADMITTED if move.direction == Direction.IN else ScanReason.LEFT


def _entry_after(rulings: Sequence[Ruling]) -> Move | None:
    """The entry without an exit after it, if there is one."""
    last = next((ruling for ruling in reversed(rulings) if ruling.counts), None)
    return last.move if last is not None and last.reason == ScanReason.ADMITTED else None
