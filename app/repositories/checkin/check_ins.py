from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    Executable,
    Insert,
    Row,
    Select,
    and_,
    bindparam,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from app.database.constraints import is_reference_broken
from app.database.differences import insert_if_new
from app.domain.checkin.check_ins import CheckInListing, KeptMove
from app.domain.checkin.doors import BY_TIMELINE, ScanReason, Verdict
from app.domain.checkin.timelines import Move
from app.domain.errors import CheckInNotFound, EventNotFound
from app.domain.ids import CheckInId, EventId, TicketId, UserId
from app.domain.paging import Cursor, Page
from app.models.checkin.check_ins import CheckIn
from app.models.events.ticket_types import TicketType
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, filled, table_of, values_of

C: Final = CheckIn.__table__.c
N: Final = CheckIn.__table__.alias("entry").c
T: Final = Ticket.__table__.c
TYPE: Final = TicketType.__table__.c


LISTING: Final[Select[*tuple[Any, ...]]] = (
    select(
        C.id,
        C.scan_id,
        C.verdict,
        C.reason,
        C.direction,
        C.gate,
        C.scanned_at,
        C.received_at,
        C.door_verdict,
        C.device_id,
        C.user_id,
        C.undone_at,
        C.undo_reason,
        T.id.label("ticket_id"),
        TYPE.name.label("ticket_type"),
        T.attendee_name,
        N.scanned_at.label("entry_at"),
        N.gate.label("entry_gate"),
    )
    .select_from(CheckIn.__table__)
    .outerjoin(Ticket.__table__, and_(T.id == C.ticket_id, T.event_id == C.event_id))
    .outerjoin(TicketType.__table__, and_(TYPE.id == T.ticket_type_id, TYPE.event_id == T.event_id))
    .outerjoin(N.id.table, and_(N.id == C.entry_id, N.event_id == C.event_id))
    .where(C.event_id == bindparam("event_id"))
)
BY_SCAN: Final = LISTING.where(C.scan_id == bindparam("scan_id"))
BY_SCANS: Final = LISTING.where(C.scan_id.in_(bindparam("scan_ids", expanding=True)))
BY_ID: Final = LISTING.where(C.id == bindparam("check_in_id"))

IS_CONFLICT: Final = (
    (C.door_verdict == Verdict.ACCEPTED) & (C.verdict == Verdict.REFUSED) & C.undone_at.is_(None)
)
CONFLICTED: Final = (
    select(C.ticket_id)
    .where(C.event_id == bindparam("event_id"), IS_CONFLICT, C.ticket_id.is_not(None))
    .distinct()
)
IN_CONFLICT: Final = LISTING.where(
    C.ticket_id.in_(CONFLICTED),
    C.undone_at.is_(None),
    (C.verdict == Verdict.ACCEPTED) | (C.door_verdict == Verdict.ACCEPTED),
).order_by(C.ticket_id, C.scanned_at, C.scan_id)

AS_HEARD: Final = (C.move_number.nulls_last(), C.received_at, C.id)
"""The order in which the shop heard of a ticket's scans. An older release gives them no number."""

NEXT_NUMBER: Final = (
    select(func.coalesce(func.max(C.move_number), 0) + 1)
    .where(C.ticket_id == bindparam("of_ticket", type_=C.ticket_id.type))
    .scalar_subquery()
)

MOVES: Final = (
    select(
        C.id,
        C.scan_id,
        C.direction,
        C.scanned_at,
        C.received_at,
        C.door_verdict,
        C.reason,
        C.entry_id,
    )
    .where(
        C.ticket_id == bindparam("ticket_id"),
        C.undone_at.is_(None),
        (C.verdict == Verdict.ACCEPTED)
        | ((C.door_verdict == Verdict.ACCEPTED) & C.reason.in_(BY_TIMELINE)),
    )
    .order_by(*AS_HEARD)
)
RULE: Final = (
    update(table_of(CheckIn))
    .where(C.id == bindparam("check_in_id"))
    .values(
        verdict=bindparam("new_verdict", type_=C.verdict.type),
        reason=bindparam("new_reason", type_=C.reason.type),
        entry_id=bindparam("entry"),
    )
)
UNDO: Final = (
    update(table_of(CheckIn))
    .where(C.id == bindparam("check_in_id"))
    .values(undone_at=bindparam("now"), undone_by=bindparam("by"), undo_reason=bindparam("why"))
)


class CheckInRepository(Repository):
    def record(self, check_in: CheckIn) -> CheckInId | None:
        """Keep a scan and its verdict; ``None`` when the scan is known already.

        The unique name of the scan decides: of two calls about one scan the second waits here
        until the first is done.

        Raises:
            EventNotFound: the event was deleted since.
        """
        return self._kept(check_in, insert_if_new(self._connection, table_of(CheckIn)), {})

    def record_move(self, check_in: CheckIn) -> CheckInId | None:
        """As ``record``, and count it among its ticket's scans. The ticket is locked."""
        insertion = _numbered(insert_if_new(self._connection, table_of(CheckIn)))
        return self._kept(check_in, insertion, {"of_ticket": check_in.ticket_id})

    def _kept(
        self, check_in: CheckIn, insertion: Executable, others: dict[str, Any]
    ) -> CheckInId | None:
        try:
            found: CheckInId | None = self._connection.execute(
                insertion, values_of(check_in) | others
            ).scalar()
        except IntegrityError as error:
            # What else a scan names is deleted with its event alone, or never.
            if is_reference_broken(error):
                raise EventNotFound(check_in.event_id) from error
            raise
        return found

    def get_scan(self, event_id: EventId, scan_id: str) -> CheckInListing:
        """What was said to a scan that was kept.

        Raises:
            EventNotFound: the event was deleted since.
        """
        row = self._run(BY_SCAN, event_id=event_id, scan_id=scan_id).one_or_none()
        if row is None:
            raise EventNotFound(event_id)
        return filled(CheckInListing, row)

    def find_all(self, event_id: EventId, scan_ids: Iterable[str]) -> dict[str, CheckInListing]:
        """What was said to scans of these names, by name."""
        found = self._listed(BY_SCANS, event_id=event_id, scan_ids=list(scan_ids))
        return {check_in.scan_id: check_in for check_in in found}

    def get(self, event_id: EventId, check_in_id: CheckInId) -> CheckInListing:
        """A check-in of the event.

        Raises:
            CheckInNotFound: it has none of this id.
        """
        row = self._run(BY_ID, event_id=event_id, check_in_id=check_in_id).one_or_none()
        if row is None:
            raise CheckInNotFound(check_in_id)
        return filled(CheckInListing, row)

    def page(
        self,
        event_id: EventId,
        *,
        verdict: Verdict | None = None,
        ticket_id: TicketId | None = None,
        after: Cursor | None,
        limit: int,
    ) -> Page[CheckInListing]:
        """One page of the event's scans, the newest first."""
        statement = LISTING
        if verdict is not None:
            statement = statement.where(C.verdict == verdict)
        if ticket_id is not None:
            statement = statement.where(C.ticket_id == ticket_id)
        page = self._page(
            statement, C.received_at, C.id, after=after, limit=limit, event_id=event_id
        )
        return page.of(lambda row: filled(CheckInListing, row))

    def has_entries(self, event_id: EventId) -> bool:
        """Whether the event has any admission."""
        entered = exists().where(C.event_id == event_id, C.verdict == Verdict.ACCEPTED)
        return bool(self._db.scalar(select(entered)))

    def in_conflict(self, event_id: EventId) -> Sequence[CheckInListing]:
        """Of each ticket that an offline scanner wrongly admitted: all who came or went with it."""
        return self._listed(IN_CONFLICT, event_id=event_id)

    def moves(self, ticket_id: TicketId) -> list[KeptMove]:
        """The ticket's scans that may count, as the shop heard of them.

        The caller has the ticket locked, so they cannot change.
        """
        return [_kept_move(row) for row in self._run(MOVES, ticket_id=ticket_id)]

    def rule(
        self,
        check_in_id: CheckInId,
        verdict: Verdict,
        reason: ScanReason,
        entry_id: CheckInId | None,
    ) -> None:
        """Change the verdict on what a scanner did while it was offline."""
        self._run(
            RULE,
            check_in_id=check_in_id,
            new_verdict=verdict,
            new_reason=reason,
            entry=entry_id,
        )

    def undo(self, check_in_id: CheckInId, *, by: UserId, why: str, now: datetime) -> None:
        self._run(UNDO, check_in_id=check_in_id, by=by, why=why, now=now)

    def _listed(self, statement: Executable, **values: Any) -> list[CheckInListing]:
        return [filled(CheckInListing, row) for row in self._run(statement, **values)]


@cache
def _numbered(insertion: Insert) -> Executable:
    numbered: Executable = insertion.values(move_number=NEXT_NUMBER)
    return numbered


def _kept_move(row: Row[*tuple[Any, ...]]) -> KeptMove:
    is_answered = row.door_verdict is None
    return KeptMove(
        move=Move(
            id=row.id,
            scan_id=row.scan_id,
            direction=row.direction,
            at=row.received_at if is_answered else row.scanned_at,
            is_answered=is_answered,
        ),
        reason=row.reason,
        entry_id=row.entry_id,
        scanned_at=row.scanned_at,
    )
