"""The logo of an organization: uploaded by its owners."""

from dataclasses import dataclass

from app.domain.errors import OrganizationNotFound
from app.domain.ids import OrganizationId
from app.domain.permissions import Action
from app.domain.pictures import Picture
from app.domain.ports import Clock
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.organizations import OrganizationListing
from app.services.events.pictures import PictureService


@dataclass(frozen=True, slots=True, kw_only=True)
class LogoService:
    """Puts logos on organizations."""

    database: Database
    clock: Clock
    pictures: PictureService

    def ensure_may_change(self, *, organization_id: OrganizationId, owner: User) -> None:
        """Refuse before anything is uploaded.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
        """
        with self.database.reading() as work:
            work.organizations.ensure_may(owner.actor, organization_id, Action.MANAGE_ORGANIZATION)

    def upload(
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
        self.ensure_may_change(organization_id=organization_id, owner=owner)
        return self._put(organization_id, owner, self.pictures.keep_logo(content))

    def remove(self, *, organization_id: OrganizationId, owner: User) -> OrganizationListing:
        """Show no logo any more; nothing happens if there was none.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
        """
        return self._put(organization_id, owner, None)

    def _put(
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
