"""Disputes, for those who have to answer them."""

from dataclasses import dataclass

from app.domain.ids import EventId
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.payments.disputes import DisputeOfPayment


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeService:
    """Shows disputes. They are answered on the provider's dashboard."""

    database: Database

    def page(
        self, *, caller: User, event_id: EventId | None, after: Cursor | None, limit: int
    ) -> Page[DisputeOfPayment]:
        """One page of the disputes about events of the caller's organizations, an admin's of all.

        Raises:
            OrganizationRoleMissing: the caller may see the money of no organization.
            EventNotFound: the event is not there, or is another organization's.
        """
        actor = caller.actor
        with self.database.reading() as work:
            if event_id is not None:
                work.event_access.for_actor(actor, event_id, Action.SEE_MONEY)
            return work.disputes.page(
                organizations=work.memberships.organizations_for(actor, Action.SEE_MONEY),
                event_id=event_id,
                after=after,
                limit=limit,
            )
