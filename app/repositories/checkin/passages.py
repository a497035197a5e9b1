"""Passing a door: the scan that is kept, and the ticket that lets its holder in or out."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import Executable, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from app.domain.checkin.doors import Direction
from app.domain.ids import CheckInId
from app.models.checkin.check_ins import CheckIn
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, table_of
from app.repositories.checkin.gates import DoorRepository

C: Final = table_of(CheckIn).c
T: Final = table_of(Ticket).c

OF_CHECK_IN: Final = (
    "event_id",
    "ticket_version",
    "scan_id",
    "direction",
    "verdict",
    "reason",
    "gate",
    "device_id",
    "user_id",
    "scanned_at",
    "received_at",
    "door_verdict",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A scan that was kept as one that lets pass."""

    check_in_id: CheckInId
    is_open: bool
    """Whether the ticket's row allowed it. If not, the verdict has to be changed."""


class PassageRepository(Repository):
    def record(self, check_in: CheckIn, *, version: int) -> Passage | None:
        """Keep an accepted scan and let its holder pass; ``None``: the scan is known already.

        The check-in has its number from behind the ticket's lock: numbers tell the order of scans
        that let pass.
        """
        ticket_id = check_in.ticket_id
        if ticket_id is None:
            raise ValueError("nobody passes without a ticket")
        values = {f"new_{name}": getattr(check_in, name) for name in OF_CHECK_IN}
        kept = _keep(self._connection.dialect.name)
        check_in_id: CheckInId | None = self._run(kept, ticket_id=ticket_id, **values).scalar()
        if check_in_id is None:
            return None
        doors = DoorRepository(self._transaction)
        if check_in.direction == Direction.OUT:
            return Passage(check_in_id, doors.leave(ticket_id, version=version))
        is_in = doors.admit(
            ticket_id, version=version, at=check_in.scanned_at, entry_id=check_in_id
        )
        return Passage(check_in_id, is_in)


@cache
def _keep(dialect: str) -> Executable:
    """Locks the ticket, then keeps the scan if it is new, and answers its number.

    A number is drawn for a row of the SELECT, which there is once the ticket is locked.
    """
    locked = (
        select(T.id, *(bindparam(f"new_{name}", type_=C[name].type) for name in OF_CHECK_IN))
        .where(T.id == bindparam("ticket_id"))
        .with_for_update()
    )
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return (
        insert(table_of(CheckIn))
        .from_select(["ticket_id", *OF_CHECK_IN], locked)
        .on_conflict_do_nothing()
        .returning(C.id)
    )
