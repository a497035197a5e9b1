"""What the auditor asks about the door. One question for each rule about a ticket's scans."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import or_, select

from app.domain.checkin.doors import Direction, Verdict
from app.domain.checkin.timelines import Move, in_order
from app.domain.ids import CheckInId, TicketId
from app.models.checkin.check_ins import CheckIn
from app.models.events.events import Event
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository
from app.repositories.checkin.check_ins import AS_HEARD

T: Final = Ticket.__table__.c
C: Final = CheckIn.__table__.c
E: Final = Event.__table__.c

COUNTING: Final = (
    select(C.ticket_id, C.id, C.scan_id, C.direction, C.scanned_at, C.received_at, C.door_verdict)
    .where(C.verdict == Verdict.ACCEPTED, C.undone_at.is_(None), C.ticket_id.is_not(None))
    .order_by(*AS_HEARD)
)
USED: Final = (
    select(T.id, T.used_at, T.inside, T.entry_id, E.reentry)
    .join_from(Ticket.__table__, Event.__table__, E.id == T.event_id)
    .where(
        or_(
            T.used_at.is_not(None),
            T.inside,
            T.entry_id.is_not(None),
            T.id.in_(
                select(C.ticket_id).where(C.verdict == Verdict.ACCEPTED, C.undone_at.is_(None))
            ),
        )
    )
    .order_by(T.id)
)


@dataclass(frozen=True, slots=True)
class _Counted:
    """A check-in that counts: where it belongs in time, and the moment a ticket shows."""

    move: Move
    at: datetime


@dataclass(frozen=True, slots=True)
class _State:
    """What a ticket says of its holder."""

    used_at: datetime | None
    inside: bool
    entry_id: CheckInId | None


class DoorAuditRepository(Repository):
    """Reads every check-in that counts; changes nothing."""

    def findings(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Every ticket whose check-ins break I6: the rule, what is wrong, the row."""
        counted: dict[TicketId, list[_Counted]] = defaultdict(list)
        for ticket_id, id_, scan_id, way, scanned_at, received_at, offline in self._run(COUNTING):
            at = scanned_at if offline else received_at
            move = Move(id_, scan_id, way, at, is_answered=offline is None)
            counted[ticket_id].append(_Counted(move, scanned_at))
        for ticket_id, used_at, inside, entry_id, reentry in self._run(USED):
            row = {"ticket": ticket_id, "entries": len(counted[ticket_id])}
            moves = in_order([known.move for known in counted[ticket_id]])
            if not reentry and len(moves) > 1:
                yield "I6", "the ticket was admitted more than once", row
            elif not _alternate(moves):
                yield "I6", "people came in and left in an order that cannot be", row
            expected = _expected(moves, {k.move.id: k.at for k in counted[ticket_id]})
            if expected != _State(used_at, inside, entry_id):
                yield "I6", "the ticket does not say what its check-ins say", row


def _alternate(moves: list[Move]) -> bool:
    ways = [Direction.IN if number % 2 == 0 else Direction.OUT for number in range(len(moves))]
    return [move.direction for move in moves] == ways


def _expected(moves: list[Move], shown: dict[CheckInId, datetime]) -> _State:
    entries = [move.id for move in moves if move.direction == Direction.IN]
    if not entries:
        return _State(None, inside=False, entry_id=None)
    inside = moves[-1].direction == Direction.IN
    return _State(shown[entries[-1]], inside=inside, entry_id=entries[-1])
