from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, select

from app.domain.checkin.attendees import StaffListing
from app.domain.errors import StaffNotFound
from app.domain.ids import EventId, OrganizationId, UserId
from app.models.checkin.scanning import EventStaff
from app.models.events.events import Event
from app.models.users.users import User
from app.repositories.base import Repository, filled

S: Final = EventStaff.__table__.c
U: Final = User.__table__.c

OF_EVENT: Final = (
    select(U.id.label("user_id"), U.username, U.full_name, S.added_at)
    .join_from(EventStaff.__table__, User.__table__, U.id == S.user_id)
    .where(S.event_id == bindparam("event_id"))
    .order_by(S.added_at, U.id)
)
ONE: Final = OF_EVENT.where(U.id == bindparam("user_id"))


class StaffRepository(Repository):
    def of_event(self, event_id: EventId) -> Sequence[StaffListing]:
        """In the order in which they were added."""
        return [filled(StaffListing, row) for row in self._run(OF_EVENT, event_id=event_id)]

    def take_on(
        self, event_id: EventId, user_id: UserId, *, added_by: UserId, now: datetime
    ) -> StaffListing:
        """Let the account check in tickets; one that may already stays as it is."""
        insertion = self._insert(EventStaff).values(
            event_id=event_id, user_id=user_id, added_by=added_by, added_at=now
        )
        # DO UPDATE locks a row that exists: it cannot be deleted before the SELECT below.
        self._db.execute(
            insertion.on_conflict_do_update(
                index_elements=[EventStaff.event_id, EventStaff.user_id],
                set_={"user_id": insertion.excluded.user_id},
            )
        )
        return filled(StaffListing, self._run(ONE, event_id=event_id, user_id=user_id).one())

    def let_go(self, event_id: EventId, user_id: UserId) -> None:
        """Take the right away.

        Raises:
            StaffNotFound: the account had none.
        """
        gone = self._db.scalar(
            delete(EventStaff)
            .where(EventStaff.event_id == event_id, EventStaff.user_id == user_id)
            .returning(EventStaff.user_id)
        )
        if gone is None:
            raise StaffNotFound(user_id)

    def let_go_of_all(self, organization_id: OrganizationId, user_id: UserId) -> None:
        """Take the right away at all events of an organization."""
        events = select(Event.id).where(Event.organization_id == organization_id)
        self._db.execute(
            delete(EventStaff).where(EventStaff.event_id.in_(events), EventStaff.user_id == user_id)
        )
