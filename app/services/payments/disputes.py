"""Disputes, for those who have to answer them."""

from app.domain.errors import RoleMissing
from app.domain.ids import EventId
from app.domain.paging import Cursor, Page
from app.domain.states import Role
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.payments.disputes import DisputeOfPayment


class DisputeService:
    """Shows disputes. They are answered on the provider's dashboard."""

    def __init__(self, *, database: Database) -> None:
        self._database = database

    def page(
        self, *, caller: User, event_id: EventId | None, after: Cursor | None, limit: int
    ) -> Page[DisputeOfPayment]:
        """One page of the disputes about events of the caller's, or about all for an admin.

        Raises:
            RoleMissing: the caller is neither organizer nor admin.
            EventNotFound: the event is not there, or is another organizer's.
        """
        actor = caller.actor
        if not actor.is_admin and actor.role != Role.ORGANIZER:
            raise RoleMissing(Role.ORGANIZER)
        with self._database.reading() as work:
            if event_id is not None:
                work.events.managed_by(actor, event_id)
            return work.disputes.page(
                organizer_id=None if actor.is_admin else caller.id,
                event_id=event_id,
                after=after,
                limit=limit,
            )
