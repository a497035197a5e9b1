"""Events for an actor: the one place that looks up what it may do with an event."""

from typing import Final

from sqlalchemy import bindparam, select

from app.database.differences import lock_number
from app.domain.actors import Actor
from app.domain.errors import EventNotFound, NotFound
from app.domain.ids import EventId
from app.domain.permissions import Action, Rights
from app.models.events.events import Event
from app.models.organizers.organizations import Organization
from app.repositories.base import Repository
from app.repositories.organizers.memberships import NO_USER, with_membership

WITH_MEMBERSHIP: Final = with_membership(
    select(Event)
    .join(Organization, Organization.id == Event.organization_id)
    .where(Event.id == bindparam("event_id"))
)


def ensure_shown(event_id: EventId, rights: Rights, *, is_draft: bool) -> None:
    """Check that a draft is shown only to those who may see what is hidden of an event.

    Raises:
        EventNotFound: it is a draft, and these rights do not allow it.
    """
    if is_draft and not rights.may(Action.SEE_EVENT):
        raise EventNotFound(event_id)


class EventAccessRepository(Repository):
    def with_rights(self, actor: Actor, event_id: EventId) -> tuple[Event, Rights]:
        """The event, and what the actor may do in its organization, in one statement.

        Raises:
            EventNotFound: no event has this id, or it is a draft that the actor may not see.
        """
        row = self._db.execute(
            WITH_MEMBERSHIP, {"event_id": event_id, "user_id": actor.user_id or NO_USER}
        ).one_or_none()
        if row is None:
            raise EventNotFound(event_id)
        rights = actor.rights(row.member_role, is_personal=row.is_personal)
        ensure_shown(event_id, rights, is_draft=row.Event.is_draft)
        return row.Event, rights

    def for_actor(
        self,
        actor: Actor,
        event_id: EventId,
        action: Action,
        *,
        otherwise: NotFound | None = None,
    ) -> Event:
        """The event, if the actor may do this with it.

        Raises:
            EventNotFound: there is none, or its organization is not the actor's; ``otherwise``
                in its place, if given.
            OrganizationRoleMissing: the actor's role in the organization does not allow it.
        """
        event, rights = self.with_rights(actor, event_id)
        rights.ensure(action, otherwise or EventNotFound(event_id))
        return event

    def lock(self, event_id: EventId) -> None:
        """Keep others from changing the event, its ticket types and its codes; first of all locks.

        It lasts until this transaction ends. On SQLite the whole transaction is alone already.
        PostgreSQL locks a number, not the row: sales that count shared places write the row after
        they have locked a ticket type, which who changes the event locks later.
        """
        # Below zero: that of migrations is above.
        lock_number(self._connection, -event_id)

    def lock_for_actor(self, actor: Actor, event_id: EventId, action: Action) -> Event:
        """As ``for_actor``: the event as it is now, locked."""
        self.lock(event_id)
        return self.for_actor(actor, event_id, action)
