"""Passing a door: the scan that is kept, and the ticket that lets its holder in or out."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, select, true, update
from sqlalchemy.dialects import postgresql

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

LOCKED: Final = (
    select(T.id).where(T.id == bindparam("ticket_id")).with_for_update(key_share=True).cte("locked")
)
KEPT: Final = (
    postgresql.insert(table_of(CheckIn))
    .from_select(
        ["ticket_id", *OF_CHECK_IN],
        select(
            LOCKED.c.id, *(bindparam(f"new_{name}", type_=C[name].type) for name in OF_CHECK_IN)
        ),
    )
    .on_conflict_do_nothing()
    .returning(C.id, C.ticket_id)
    .cte("kept")
)
"""Reads from the lock, so it gets its number behind it."""

LET_IN: Final = (
    update(table_of(Ticket))
    .where(MAY_ENTER, T.id == KEPT.c.ticket_id)
    .values(
        used_at=bindparam("new_scanned_at", type_=C.scanned_at.type),
        inside=True,
        entry_id=KEPT.c.id,
    )
    .returning(T.id)
    .cte("let_in")
)
ENTER: Final = select(KEPT.c.id, LET_IN.c.id).join_from(KEPT, LET_IN, true(), isouter=True)
"""Locks the ticket, keeps the scan, lets in. For PostgreSQL: SQLite has no INSERT inside WITH."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A scan that was kept as one that lets pass."""

    check_in_id: CheckInId
    is_open: bool
    """Whether the ticket's row allowed it. If not, the verdict has to be changed."""


class PassageRepository(Repository):
    def record(self, check_in: CheckIn, *, version: int) -> Passage | None:
        """Keep an accepted scan and let its holder pass; ``None``: the scan is known already.

        The ticket is locked before the check-in has its number: behind the lock numbers tell the
        order of scans. Somebody who comes in does so in one trip on PostgreSQL.
        """
        ticket_id = check_in.ticket_id
        if ticket_id is None:
            raise ValueError("nobody passes without a ticket")
        if self._is_sqlite or check_in.direction == Direction.OUT:
            return self._one_by_one(check_in, ticket_id, version=version)
        row = self._run(
            ENTER,
            ticket_id=ticket_id,
            version_read=version,
            **{f"new_{name}": getattr(check_in, name) for name in OF_CHECK_IN},
        ).one_or_none()
        if row is None:
            return None
        # Somebody may have gone out while it waited for the lock, which one statement never sees.
        is_in = row[1] is not None or self._admit(check_in, ticket_id, row[0], version=version)
        return Passage(row[0], is_in)

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
        is_in = self._admit(check_in, ticket_id, check_in_id, version=version)
        return Passage(check_in_id, is_in)

    def _admit(
        self, check_in: CheckIn, ticket_id: TicketId, check_in_id: CheckInId, *, version: int
    ) -> bool:
        return DoorRepository(self._transaction).admit(
            ticket_id, version=version, at=check_in.scanned_at, entry_id=check_in_id
        )
