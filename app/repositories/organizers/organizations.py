from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, bindparam, select

from app.domain.actors import Actor
from app.domain.errors import OrganizationNotFound
from app.domain.ids import OrganizationId
from app.domain.organizers.organizations import DEMO_NAME, OrganizationKind
from app.domain.permissions import Action, OrganizationRole, Rights
from app.models.organizers.organizations import Membership, Organization
from app.models.users.users import User
from app.repositories.base import Repository
from app.repositories.organizers.membership_columns import NOBODY, O, with_membership

IS_DEMO: Final = Organization.kind == OrganizationKind.DEMO


WITH_MEMBERSHIP: Final = with_membership(
    select(O.id).where(O.id == bindparam("organization_id")).select_from(O.id.table)
)


class OrganizationRepository(Repository):
    def rights(self, actor: Actor, organization_id: OrganizationId) -> Rights:
        """What the actor may do in the organization.

        Raises:
            OrganizationNotFound: no organization has this id.
        """
        row = self._run(
            WITH_MEMBERSHIP, organization_id=organization_id, user_id=actor.user_id or NOBODY
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
        """The organization of events that nobody was logged in to create, made if need be."""
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
