"""Organizations: who organizes events together, and what people read about them."""

from dataclasses import dataclass

from app.domain.errors import EmailNotConfirmed, OrganizationNotFound
from app.domain.events.changes import Unchanged
from app.domain.ids import EventId, OrganizationId
from app.domain.listings import EventListing
from app.domain.organizers.changes import OrganizationChanges
from app.domain.organizers.organizations import OrganizationKind
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action, OrganizationRole
from app.domain.ports import Clock
from app.models.organizers.organizations import Organization
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.organizations import OrganizationListing
from app.services.events.creators import EventCreators


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganization:
    """An organization as its first owner describes it."""

    name: str
    contact_email: str | None = None
    reply_to: str | None = None
    colour: str | None = None


class OrganizationService:
    """Makes organizations, shows and changes them, and hands events from one to another."""

    def __init__(self, *, database: Database, clock: Clock, creators: EventCreators) -> None:
        self._database = database
        self._clock = clock
        self._creators = creators

    def create(self, *, owner: User, new: NewOrganization) -> OrganizationListing:
        """Make an organization whose only member is its owner.

        It is for those who may create events: else it would be the way around that.

        Raises:
            EmailNotConfirmed: rights in an organization need a confirmed address.
            RoleMissing: the account is a buyer's; see ``EventCreators``.
        """
        self._creators.ensure(owner, is_named=False)
        if not owner.email_confirmed:
            raise EmailNotConfirmed
        now = self._clock.now()
        organization = Organization(
            kind=OrganizationKind.SHARED,
            personal_of=None,
            name=new.name,
            contact_email=new.contact_email,
            reply_to=new.reply_to,
            colour=new.colour,
            created_at=now,
            updated_at=now,
        )
        with self._database.writing() as work:
            work.organizations.add(organization)
            work.memberships.join(organization.id, owner.id, OrganizationRole.OWNER, now=now)
        return OrganizationListing(organization, OrganizationRole.OWNER)

    def page(self, *, member: User, after: Cursor | None, limit: int) -> Page[OrganizationListing]:
        """One page of the organizations the account is in, the oldest first."""
        with self._database.reading() as work:
            return work.organizations.page_of(member.id, after=after, limit=limit)

    def get(self, *, member: User, organization_id: OrganizationId) -> OrganizationListing:
        """The organization, for its members.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
        """
        with self._database.reading() as work:
            rights = work.organizations.rights(member.actor, organization_id)
            rights.ensure(Action.SEE_TEAM, OrganizationNotFound(organization_id))
            return OrganizationListing(work.organizations.get(organization_id), rights.role)

    def edit(
        self, *, member: User, organization_id: OrganizationId, changes: OrganizationChanges
    ) -> OrganizationListing:
        """Change what people read about the organization.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
        """
        with self._database.writing() as work:
            rights = work.organizations.rights(member.actor, organization_id)
            rights.ensure(Action.MANAGE_ORGANIZATION, OrganizationNotFound(organization_id))
            organization = work.organizations.lock(organization_id)
            if not isinstance(changes.name, Unchanged):
                organization.name = changes.name
            if not isinstance(changes.contact_email, Unchanged):
                organization.contact_email = changes.contact_email
            if not isinstance(changes.reply_to, Unchanged):
                organization.reply_to = changes.reply_to
            if not isinstance(changes.colour, Unchanged):
                organization.colour = changes.colour
            organization.updated_at = self._clock.now()
            work.flush()
        return OrganizationListing(organization, rights.role)

    def hand_over(
        self, *, member: User, event_id: EventId, organization_id: OrganizationId
    ) -> EventListing:
        """Give an event to another organization, with all that belongs to it.

        Gate staff and scanners of the event stay; who created it is still told.

        Raises:
            EventNotFound: there is none, or it is of an organization the account is not in.
            OrganizationNotFound: there is none to hand it to, or the account is not in it.
            OrganizationRoleMissing: the account may not hand it over, or not create events there.
        """
        now = self._clock.now()
        with self._database.writing() as work:
            event = work.event_access.lock_for_actor(member.actor, event_id, Action.HAND_OVER_EVENT)
            work.organizations.ensure_may(member.actor, organization_id, Action.CREATE_EVENT)
            event.count_change()
            event.organization_id, event.updated_at = organization_id, now
            work.flush()
            return work.events.listing(event_id, with_hidden=True, with_drafts=True)
