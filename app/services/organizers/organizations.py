"""Organizations: who organizes events together, and what people read about them."""

from dataclasses import dataclass

from app.domain.errors import (
    EmailNotConfirmed,
    OrganizationHasEvents,
    OrganizationNotDeletable,
    OrganizationNotFound,
)
from app.domain.events.changes import UNCHANGED, Change, after
from app.domain.ids import EventId, OrganizationId
from app.domain.listings import EventListing
from app.domain.organizers.organizations import OrganizationKind
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action, OrganizationRole
from app.domain.pictures import Picture
from app.domain.ports import Clock
from app.models.organizers.organizations import Organization
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.organizations import OrganizationListing
from app.services.events.creators import EventCreators
from app.services.events.pictures import PictureService


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationChanges:
    """Changes of an organization, by the names of ``NewOrganization``."""

    name: Change[str] = UNCHANGED
    contact_email: Change[str | None] = UNCHANGED
    reply_to: Change[str | None] = UNCHANGED
    colour: Change[str | None] = UNCHANGED


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganization:
    """An organization as its first owner describes it."""

    name: str
    contact_email: str | None = None
    reply_to: str | None = None
    colour: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationService:
    """Makes organizations, shows, changes and deletes them; hands events from one to another."""

    database: Database
    clock: Clock
    creators: EventCreators
    pictures: PictureService

    def create(self, *, owner: User, new: NewOrganization) -> OrganizationListing:
        """Make an organization whose only member is its owner.

        It takes the right to create events: else it would be a way around that right.

        Raises:
            EmailNotConfirmed: rights in an organization need a confirmed address.
            RoleMissing: the account is a buyer's; see ``EventCreators``.
        """
        self.creators.ensure(owner, is_named=False)
        if not owner.email_confirmed:
            raise EmailNotConfirmed
        now = self.clock.now()
        organization = Organization(
            kind=OrganizationKind.SHARED,
            name=new.name,
            contact_email=new.contact_email,
            reply_to=new.reply_to,
            colour=new.colour,
            created_at=now,
            updated_at=now,
        )
        with self.database.writing() as work:
            work.organizations.add(organization)
            work.memberships.join(organization.id, owner.id, OrganizationRole.OWNER, now=now)
            return work.organizations.listing(organization.id, OrganizationRole.OWNER)

    def page(self, *, member: User, after: Cursor | None, limit: int) -> Page[OrganizationListing]:
        """One page of the organizations the account is in, the oldest first."""
        with self.database.reading() as work:
            return work.organizations.page_of(member.id, after=after, limit=limit)

    def get(
        self,
        *,
        member: User,
        organization_id: OrganizationId,
        action: Action = Action.SEE_TEAM,
    ) -> OrganizationListing:
        """The organization, for members whose role allows this: by default, for all of them.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account's role does not allow it.
        """
        with self.database.reading() as work:
            rights = work.organizations.rights(member.actor, organization_id)
            rights.ensure(action, OrganizationNotFound(organization_id))
            return work.organizations.listing(organization_id, rights.role)

    def edit(
        self, *, member: User, organization_id: OrganizationId, changes: OrganizationChanges
    ) -> OrganizationListing:
        """Change what people read about the organization.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
        """
        with self.database.writing() as work:
            rights = work.organizations.rights(member.actor, organization_id)
            rights.ensure(Action.MANAGE_ORGANIZATION, OrganizationNotFound(organization_id))
            organization = work.organizations.lock(organization_id)
            organization.name = after(changes.name, organization.name)
            organization.contact_email = after(changes.contact_email, organization.contact_email)
            organization.reply_to = after(changes.reply_to, organization.reply_to)
            organization.colour = after(changes.colour, organization.colour)
            organization.updated_at = self.clock.now()
            work.flush()
            return work.organizations.listing(organization_id, rights.role)

    def delete(self, *, owner: User, organization_id: OrganizationId) -> None:
        """Delete an organization that has no events; its members get out, invitations end.

        What was sold belongs to events, so nothing of the books is lost. Who creates an event in
        it or joins it at the same moment has done so before, or is told that it is not found.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
            OrganizationNotDeletable: it is a personal one, or the demo's.
            OrganizationHasEvents: it has events, also past ones.
        """
        with self.database.writing() as work:
            action = Action.DELETE_ORGANIZATION
            work.organizations.ensure_may(owner.actor, organization_id, action)
            organization = work.organizations.lock_whole(organization_id)
            # Asked again behind the lock: the caller may have been an owner until now.
            work.organizations.ensure_may(owner.actor, organization_id, action)
            if organization.kind != OrganizationKind.SHARED:
                raise OrganizationNotDeletable(organization_id)
            if work.organizations.has_events(organization_id):
                raise OrganizationHasEvents(organization_id)
            self.pictures.put(work, None, before=organization.logo_key)
            work.organizations.delete(organization_id)

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
        now = self.clock.now()
        with self.database.writing() as work:
            event = work.event_access.lock_for_actor(member.actor, event_id, Action.HAND_OVER_EVENT)
            work.organizations.ensure_may(member.actor, organization_id, Action.CREATE_EVENT)
            work.organizations.keep(organization_id)
            event.count_change()
            event.organization_id, event.updated_at = organization_id, now
            work.flush()
            return work.events.listing(event_id, with_hidden=True, with_drafts=True)

    def ensure_may_change_logo(self, *, organization_id: OrganizationId, owner: User) -> None:
        """Refuse before anything is uploaded.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
        """
        with self.database.reading() as work:
            work.organizations.ensure_may(owner.actor, organization_id, Action.MANAGE_ORGANIZATION)

    def upload_logo(
        self, *, organization_id: OrganizationId, owner: User, content: bytes
    ) -> OrganizationListing:
        """Show this logo, in place of one from before. Of two at once, the later one stays.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
            PictureUnusable: the file is no picture that can be shown.
            PicturesUnavailable: its file cannot be kept.
            Busy: too many pictures are being drawn.
        """
        self.ensure_may_change_logo(organization_id=organization_id, owner=owner)
        return self._put_logo(organization_id, owner, self.pictures.keep_logo(content))

    def remove_logo(self, *, organization_id: OrganizationId, owner: User) -> OrganizationListing:
        """Show no logo any more; nothing happens if there was none.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
        """
        return self._put_logo(organization_id, owner, None)

    def _put_logo(
        self, organization_id: OrganizationId, owner: User, logo: Picture | None
    ) -> OrganizationListing:
        with self.database.writing() as work:
            rights = work.organizations.rights(owner.actor, organization_id)
            rights.ensure(Action.MANAGE_ORGANIZATION, OrganizationNotFound(organization_id))
            organization = work.organizations.lock(organization_id)
            organization.logo_key = self.pictures.put(work, logo, before=organization.logo_key)
            organization.updated_at = self.clock.now()
            work.flush()
            return work.organizations.listing(organization_id, rights.role)
