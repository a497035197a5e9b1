"""Passing a door: the scan that is kept, and the ticket that lets its holder in or out."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, exists, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.doors import Direction
from app.domain.ids import CheckInId, TicketId
from app.models.check_ins import CheckIn
from app.models.tickets import Ticket
from app.repositories.base import Repository, table_of
from app.repositories.check_ins import CheckInRepository
from app.repositories.doors import MAY_ENTER, DoorRepository

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

LET_IN: Final = (
    update(table_of(Ticket))
    .where(
        MAY_ENTER,
        ~exists().where(
            C.event_id == bindparam("new_event_id", type_=C.event_id.type),
            C.scan_id == bindparam("new_scan_id", type_=C.scan_id.type),
        ),
    )
    .values(
        used_at=bindparam("new_scanned_at", type_=C.scanned_at.type),
        inside=True,
        entry_id=func.nextval(func.pg_get_serial_sequence(CheckIn.__tablename__, C.id.name)),
    )
    .returning(T.id, T.entry_id)
    .cte("let_in")
)
KEPT: Final = (
    insert(table_of(CheckIn))
    .from_select(
        ["id", "ticket_id", *OF_CHECK_IN],
        select(
            LET_IN.c.entry_id,
            LET_IN.c.id,
            *(bindparam(f"new_{name}", type_=C[name].type) for name in OF_CHECK_IN),
        ),
    )
    .cte("kept")
)
ENTER: Final = select(LET_IN.c.entry_id).add_cte(KEPT)
"""Lets in and keeps the scan: gives nothing, and has done nothing, unless the ticket allowed it.

It has to allow it before and after a wait for another scan. After one the check-in's number is
drawn anew (PostgreSQL manual, 13.2.1: the command is evaluated again with the row as it is then),
so among scans that let pass numbers tell the order. No lock is taken first: a statement that locks
a row and then changes it follows the row's history twice, and two of them wait for each other.
For PostgreSQL: SQLite has no INSERT inside WITH.
"""


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
        that let pass. On PostgreSQL somebody who comes in does so in one trip, committed at once:
        nothing may come before it in its transaction.
        """
        ticket_id = check_in.ticket_id
        if ticket_id is None:
            raise ValueError("nobody passes without a ticket")
        if not self._is_sqlite and check_in.direction == Direction.IN:
            check_in_id = self._enter(check_in, ticket_id, version=version)
            if check_in_id is not None:
                return Passage(check_in_id, is_open=True)
        return self._one_by_one(check_in, ticket_id, version=version)

    def _enter(self, check_in: CheckIn, ticket_id: TicketId, *, version: int) -> CheckInId | None:
        """As a statement of its own; ``None``: it takes several to find out what stands against it.

        A scan of the same name at the same moment does: the unique name decides.
        """
        values = {f"new_{name}": getattr(check_in, name) for name in OF_CHECK_IN}
        try:
            with self._transaction.ahead():
                found: CheckInId | None = self._run(
                    ENTER, ticket_id=ticket_id, version_read=version, **values
                ).scalar()
        except IntegrityError:
            return None
        return found

    def _one_by_one(
        self, check_in: CheckIn, ticket_id: TicketId, *, version: int
    ) -> Passage | None:
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
