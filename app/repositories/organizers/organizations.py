from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, bindparam, delete, exists, func, select

from app.domain.actors import Actor
from app.domain.errors import EventNotFound, OrganizationNotFound
from app.domain.ids import EventId, OrganizationId, UserId
from app.domain.looks import MailLook, OrganizationLook
from app.domain.organizers.organizations import DEMO_NAME, OrganizationKind
from app.domain.paging import OLDEST_FIRST, Cursor, Page
from app.domain.permissions import Action, OrganizationRole, Rights
from app.domain.pictures import Picture, logo_of
from app.models.events.events import Event
from app.models.events.pictures import KeptPicture
from app.models.organizers.invitations import Invitation
from app.models.organizers.organizations import Membership, Organization
from app.models.users.users import User
from app.repositories.base import Repository, table_of
from app.repositories.organizers.memberships import NO_USER, O, with_membership

P: Final = table_of(KeptPicture).c

IS_DEMO: Final = Organization.kind == OrganizationKind.DEMO


WITH_MEMBERSHIP: Final = with_membership(
    select(O.id).where(O.id == bindparam("organization_id")).select_from(O.id.table)
)

WITH_LOGO: Final = select(
    Organization,
    KeptPicture.width.label("logo_width"),
    KeptPicture.height.label("logo_height"),
).outerjoin(KeptPicture, KeptPicture.key == Organization.logo_key)

LOOK: Final = (
    select(
        O.name,
        O.contact_email,
        O.colour,
        O.logo_key,
        P.width.label("logo_width"),
        P.height.label("logo_height"),
        func.coalesce(O.reply_to, O.contact_email).label("answers_to"),
    )
    .join_from(table_of(Event), O.id.table, O.id == Event.organization_id)
    .outerjoin(table_of(KeptPicture), P.key == O.logo_key)
    .where(Event.id == bindparam("event_id"))
)

KEEP: Final = (
    select(O.id)
    .where(O.id == bindparam("organization_id"))
    .with_for_update(read=True, key_share=True)
)


@dataclass(frozen=True, slots=True)
class OrganizationListing:
    """An organization, and what the caller is in it; ``None``: no member, as an admin may be."""

    organization: Organization
    role: OrganizationRole | None
    logo: Picture | None


class OrganizationRepository(Repository):
    def rights(self, actor: Actor, organization_id: OrganizationId) -> Rights:
        """What the actor may do in the organization.

        Raises:
            OrganizationNotFound: no organization has this id.
        """
        row = self._run(
            WITH_MEMBERSHIP, organization_id=organization_id, user_id=actor.user_id or NO_USER
        ).one_or_none()
        if row is None:
            raise OrganizationNotFound(organization_id)
        return actor.rights(row.member_role, is_personal=row.is_personal)

    def ensure_may(self, actor: Actor, organization_id: OrganizationId, action: Action) -> None:
        """Check that the actor may do this in the organization.

        Raises:
            OrganizationNotFound: there is none of this id, or it is not the actor's.
            OrganizationRoleMissing: the actor's role in it does not allow it.
        """
        rights = self.rights(actor, organization_id)
        rights.ensure(action, OrganizationNotFound(organization_id))

    def get(self, organization_id: OrganizationId) -> Organization:
        """The organization, for an actor whose right was checked.

        Raises:
            OrganizationNotFound: it was deleted since.
        """
        missing = OrganizationNotFound(organization_id)
        return self._get(Organization, organization_id, missing)

    def listing(
        self, organization_id: OrganizationId, role: OrganizationRole | None
    ) -> OrganizationListing:
        """As ``get``, with its logo, for an actor who has this role in it.

        Raises:
            OrganizationNotFound: it was deleted since.
        """
        row = self._db.execute(
            WITH_LOGO.where(Organization.id == organization_id).execution_options(
                populate_existing=True
            )
        ).one_or_none()
        if row is None:
            raise OrganizationNotFound(organization_id)
        return _listing(row, role)

    def lock(self, organization_id: OrganizationId) -> Organization:
        """As ``get``; keep others from changing it or who owns it until this transaction ends.

        On SQLite the whole transaction is alone already.

        Raises:
            OrganizationNotFound: it was deleted.
        """
        return self._locked(organization_id, {"key_share": True})

    def lock_whole(self, organization_id: OrganizationId) -> Organization:
        """As ``lock``; events, members and invitations of it wait as well, see ``keep``.

        Raises:
            OrganizationNotFound: it was deleted.
        """
        return self._locked(organization_id, {})

    def _locked(self, organization_id: OrganizationId, how: dict[str, bool]) -> Organization:
        found = self._db.get(
            Organization, organization_id, with_for_update=how, populate_existing=True
        )
        if found is None:
            raise OrganizationNotFound(organization_id)
        return found

    def keep(self, organization_id: OrganizationId) -> None:
        """As ``is_kept``.

        Raises:
            OrganizationNotFound: it was deleted.
        """
        if not self.is_kept(organization_id):
            raise OrganizationNotFound(organization_id)

    def is_kept(self, organization_id: OrganizationId) -> bool:
        """Keep the organization from being deleted until this transaction ends; tell if it is.

        Before any row of it is locked or inserted: no deadlock with who deletes it.
        """
        return self._run(KEEP, organization_id=organization_id).scalar() is not None

    def has_events(self, organization_id: OrganizationId) -> bool:
        return bool(
            self._db.scalar(select(exists().where(Event.organization_id == organization_id)))
        )

    def delete(self, organization_id: OrganizationId) -> None:
        """Delete an organization without events, with its memberships and invitations."""
        for model in (Invitation, Membership):
            self._db.execute(delete(model).where(model.organization_id == organization_id))
        self._db.execute(delete(Organization).where(Organization.id == organization_id))

    def look(self, event_id: EventId) -> OrganizationLook:
        """What buyers see of the event's organization.

        Raises:
            EventNotFound: the event was deleted.
        """
        return self.mail_look(event_id).look

    def mail_look(self, event_id: EventId) -> MailLook:
        """As ``look``, and where answers to mails about the event go.

        Raises:
            EventNotFound: the event was deleted.
        """
        row = self._run(LOOK, event_id=event_id).one_or_none()
        if row is None:
            raise EventNotFound(event_id)
        logo = logo_of(row.logo_key, row.logo_width, row.logo_height)
        look = OrganizationLook(row.name, row.contact_email, row.colour, logo)
        return MailLook(look, row.answers_to)

    def page_of(
        self, user_id: UserId, *, after: Cursor | None, limit: int
    ) -> Page[OrganizationListing]:
        """One page of the organizations the account is in, the oldest first."""
        statement = (
            WITH_LOGO.add_columns(Membership.role)
            .join(Membership, Membership.organization_id == Organization.id)
            .where(Membership.user_id == user_id)
        )
        moment, key = Membership.created_at, Membership.organization_id
        page = self._page(statement, moment, key, after=after, limit=limit, sort=OLDEST_FIRST)
        return page.of(lambda row: _listing(row, row.role))

    def personal_of(self, user: User, *, now: datetime) -> OrganizationId:
        """The account's personal organization, made if there is none yet.

        Of two calls at once one inserts it, by the unique key, and makes the account its owner.
        """
        is_its = Organization.personal_of == user.id
        if (known := self._find(is_its)) is not None:
            return known
        made = self._insert_row_if_new(
            Organization(
                kind=OrganizationKind.PERSONAL,
                personal_of=user.id,
                name=user.full_name or user.username,
                created_at=now,
                updated_at=now,
            )
        )
        if made is None:
            return self._the(is_its)
        self._insert_row(
            Membership(
                organization_id=made, user_id=user.id, role=OrganizationRole.OWNER, created_at=now
            )
        )
        return OrganizationId(made)

    def demo(self, *, now: datetime) -> OrganizationId:
        """The organization of events created without a login, made if need be."""
        if (known := self._find(IS_DEMO)) is not None:
            return known
        made = self._insert_row_if_new(
            Organization(kind=OrganizationKind.DEMO, name=DEMO_NAME, created_at=now, updated_at=now)
        )
        return self._the(IS_DEMO) if made is None else OrganizationId(made)

    def _find(self, which: ColumnElement[bool]) -> OrganizationId | None:
        return self._db.scalar(select(Organization.id).where(which))

    def _the(self, which: ColumnElement[bool]) -> OrganizationId:
        return self._db.scalars(select(Organization.id).where(which)).one()


def _listing(row: Row[*tuple[Any, ...]], role: OrganizationRole | None) -> OrganizationListing:
    logo = logo_of(row.Organization.logo_key, row.logo_width, row.logo_height)
    return OrganizationListing(row.Organization, role, logo)
