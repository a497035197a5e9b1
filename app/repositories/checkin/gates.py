"""Events and tickets as the door needs them: few columns, one statement each."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Executable, Select, and_, bindparam, exists, or_, select, true, update

from app.domain.actors import Actor
from app.domain.checkin.doors import DOORS_CLOSE_AFTER, DoorEvent, TicketAtDoor
from app.domain.errors import EventNotFound
from app.domain.ids import CheckInId, EventId, TicketId
from app.domain.permissions import Action, Rights
from app.domain.states import TicketStatus
from app.models.checkin.check_ins import CheckIn
from app.models.checkin.scanning import EventStaff
from app.models.events.events import Event
from app.models.events.ticket_types import TicketType
from app.models.tickets.tickets import Ticket
from app.repositories.base import Repository, filled, table_of
from app.repositories.events.event_access import ensure_shown
from app.repositories.organizers.memberships import NO_USER, M, O, with_membership

E: Final = Event.__table__.c
T: Final = Ticket.__table__.c
N: Final = CheckIn.__table__.alias("entry").c
TYPE: Final = TicketType.__table__.c
STAFF: Final = EventStaff.__table__.c

EVENTS: Final[Select[*tuple[Any, ...]]] = select(
    E.id,
    E.title,
    E.starts_at,
    E.ends_at,
    E.all_day,
    E.doors_open_at,
    E.time_zone,
    E.reentry,
    E.cancelled_at,
)
EVENT: Final = EVENTS.where(E.id == bindparam("event_id"))
"""What a scanner asks: it belongs to the event, so no membership is looked up."""

WITH_RIGHTS: Final = with_membership(
    EVENTS.add_columns(
        E.is_draft,
        exists()
        .where(STAFF.event_id == E.id, STAFF.user_id == bindparam("user_id"))
        .label("is_staff"),
    ).join(O.id.table, O.id == E.organization_id)
)
FOR_ACCOUNT: Final = WITH_RIGHTS.where(E.id == bindparam("event_id"))

MOST_EVENTS: Final = 200
OF_ACCOUNT: Final = (
    WITH_RIGHTS.where(
        E.is_draft.is_(False),
        E.cancelled_at.is_(None),
        or_(
            E.ends_at > bindparam("ends_after"),
            and_(E.ends_at.is_(None), E.starts_at > bindparam("started_after")),
        ),
        or_(
            E.organization_id.in_(
                select(M.organization_id).where(M.user_id == bindparam("user_id"))
            ),
            E.id.in_(select(STAFF.event_id).where(STAFF.user_id == bindparam("user_id"))),
        ),
    )
    .order_by(E.starts_at, E.id)
    .limit(MOST_EVENTS)
)

TICKET: Final[Select[*tuple[Any, ...]]] = (
    select(
        T.id,
        T.event_id,
        T.version,
        T.code,
        (T.status != TicketStatus.VALID).label("is_void"),
        T.revoked_at,
        T.used_at,
        T.inside,
        T.attendee_name,
        TYPE.name.label("ticket_type"),
        T.entry_id,
        N.scanned_at.label("entry_at"),
        N.gate.label("entry_gate"),
    )
    .join_from(
        Ticket.__table__,
        TicketType.__table__,
        and_(TYPE.id == T.ticket_type_id, TYPE.event_id == T.event_id),
    )
    .outerjoin(N.id.table, and_(N.id == T.entry_id, N.event_id == T.event_id))
)
BY_ID: Final = TICKET.where(T.id == bindparam("ticket_id"))
BY_CODE: Final = TICKET.where(T.code == bindparam("code"))
LOCK: Final = select(T.id).where(T.id == bindparam("ticket_id")).with_for_update(key_share=True)
"""As strong a lock as the UPDATEs take: a stronger one would wait for check-ins being written."""

IS_GOOD: Final = and_(
    T.id == bindparam("ticket_id"),
    T.version == bindparam("version_read"),
)
MAY_ENTER: Final = and_(
    IS_GOOD,
    T.status == TicketStatus.VALID,
    T.revoked_at.is_(None),
    T.inside.is_not(true()),
    exists().where(
        E.id == T.event_id,
        E.cancelled_at.is_(None),
        or_(E.reentry, T.used_at.is_(None)),
    ),
)
ADMIT: Final = (
    update(table_of(Ticket))
    .where(MAY_ENTER)
    .values(used_at=bindparam("at"), inside=True, entry_id=bindparam("entry"))
    .returning(T.id)
)
LEAVE: Final = (
    update(table_of(Ticket))
    .where(IS_GOOD, T.inside, exists().where(E.id == T.event_id, E.reentry))
    .values(inside=False)
    .returning(T.id)
)
SETTLE: Final = (
    update(table_of(Ticket))
    .where(T.id == bindparam("ticket_id"))
    .values(used_at=bindparam("at"), inside=bindparam("is_inside"), entry_id=bindparam("entry"))
)


class GateRepository(Repository):
    def event(self, event_id: EventId) -> DoorEvent:
        """The event, for a scanner of it, or an actor whose right was checked.

        Raises:
            EventNotFound: no event has this id.
        """
        row = self._run(EVENT, event_id=event_id).one_or_none()
        if row is None:
            raise EventNotFound(event_id)
        return filled(DoorEvent, row)

    def event_for(self, event_id: EventId, actor: Actor) -> tuple[DoorEvent, Rights, bool]:
        """The event, what the account may do in its organization, and whether it is gate staff.

        Raises:
            EventNotFound: no event has this id, or it is a draft that the account may not see,
                gate staff though it is.
        """
        row = self._run(
            FOR_ACCOUNT, event_id=event_id, user_id=actor.user_id or NO_USER
        ).one_or_none()
        if row is None:
            raise EventNotFound(event_id)
        rights = actor.rights(row.member_role, is_personal=row.is_personal)
        ensure_shown(event_id, rights, is_draft=row.is_draft)
        return filled(DoorEvent, row), rights, bool(row.is_staff)

    def events_for(self, actor: Actor, *, ends_after: datetime) -> list[DoorEvent]:
        """Published events whose tickets the account may check, as member or as gate staff.

        Those that are over after a moment, the one that starts first before. At most
        ``MOST_EVENTS`` are looked at.
        """
        rows = self._run(
            OF_ACCOUNT,
            user_id=actor.user_id or NO_USER,
            ends_after=ends_after,
            started_after=ends_after - DOORS_CLOSE_AFTER,
        )
        return [
            filled(DoorEvent, row)
            for row in rows
            if row.is_staff
            or actor.rights(row.member_role, is_personal=row.is_personal).may(Action.CHECK_IN)
        ]

    def ticket(self, ticket_id: TicketId) -> TicketAtDoor | None:
        return self._find(BY_ID, ticket_id=ticket_id)

    def ticket_by_code(self, short_code: str) -> TicketAtDoor | None:
        return self._find(BY_CODE, code=short_code)

    def take(self, ticket_id: TicketId) -> None:
        """Keep other writers from the ticket until this transaction ends.

        Then change it once: PostgreSQL checks a row that is changed twice in a transaction against
        its order again, which a refund that waits for the ticket has locked.
        """
        self._run(LOCK, ticket_id=ticket_id)

    def admit(
        self, ticket_id: TicketId, *, version: int, at: datetime, entry_id: CheckInId
    ) -> bool:
        """Let the holder in by this check-in; tell whether the ticket allowed it.

        One conditional UPDATE, so of many gates that scan it at once one admits.
        """
        found = self._run(ADMIT, ticket_id=ticket_id, version_read=version, at=at, entry=entry_id)
        return found.scalar() is not None

    def leave(self, ticket_id: TicketId, *, version: int) -> bool:
        """Note an exit; tell whether the holder was inside, and the event has re-entry."""
        return self._run(LEAVE, ticket_id=ticket_id, version_read=version).scalar() is not None

    def settle(
        self,
        ticket_id: TicketId,
        *,
        used_at: datetime | None,
        inside: bool,
        entry_id: CheckInId | None,
    ) -> None:
        """Set what the check-ins of a locked ticket say."""
        self._run(SETTLE, ticket_id=ticket_id, at=used_at, is_inside=inside, entry=entry_id)

    def _find(self, statement: Executable, **values: Any) -> TicketAtDoor | None:
        row = self._run(statement, **values).one_or_none()
        return None if row is None else filled(TicketAtDoor, row)
