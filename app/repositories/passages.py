"""Passing a door: the scan that is kept, and the ticket that lets its holder in or out."""

from dataclasses import dataclass

from app.domain.doors import Direction
from app.domain.ids import CheckInId
from app.models.check_ins import CheckIn
from app.repositories.base import Repository
from app.repositories.check_ins import CheckInRepository
from app.repositories.doors import DoorRepository


@dataclass(frozen=True, slots=True)
class Passage:
    """A scan that was kept as one that lets pass."""

    check_in_id: CheckInId
    is_open: bool
    """Whether the ticket's row allowed it. If not, the verdict has to be changed."""


class PassageRepository(Repository):
    def record(self, check_in: CheckIn, *, version: int) -> Passage | None:
        """Keep an accepted scan and let its holder pass; ``None``: the scan is known already.

        The ticket is locked first, so the check-in has its number from behind that lock: numbers
        tell the order of scans that let pass.
        """
        ticket_id = check_in.ticket_id
        if ticket_id is None:
            raise ValueError("nobody passes without a ticket")
        doors = DoorRepository(self._transaction)
        doors.take(ticket_id)
        check_in_id = CheckInRepository(self._transaction).record(check_in)
        if check_in_id is None:
            return None
        if check_in.direction == Direction.OUT:
            return Passage(check_in_id, doors.leave(ticket_id, version=version))
        is_in = doors.admit(
            ticket_id, version=version, at=check_in.scanned_at, entry_id=check_in_id
        )
        return Passage(check_in_id, is_in)
