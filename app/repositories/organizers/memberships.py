from typing import Final

from sqlalchemy import bindparam, select

from app.domain.actors import Actor
from app.domain.ids import OrganizationId
from app.domain.permissions import Action, OrganizationRole, role_missing
from app.domain.states import Role
from app.models.organizers.organizations import Membership, Organization
from app.models.users.users import User
from app.repositories.base import Repository
from app.repositories.organizers.membership_columns import NOBODY, M, O

OF_ACCOUNT: Final = (
    select(
        M.organization_id, M.role.label("member_role"), O.personal_of.is_not(None).label("personal")
    )
    .join_from(Membership.__table__, Organization.__table__, O.id == M.organization_id)
    .where(M.user_id == bindparam("user_id"))
    .order_by(M.organization_id)
)


class MembershipRepository(Repository):
    def organizations_for(self, actor: Actor, action: Action) -> list[OrganizationId] | None:
        """The organizations in which the actor may do this; ``None``: in all, for an admin.

        Raises:
            OrganizationRoleMissing: in none, and the account is no organizer who may yet have one.
        """
        if actor.is_admin:
            return None
        found = [
            row.organization_id
            for row in self._run(OF_ACCOUNT, user_id=actor.user_id or NOBODY)
            if actor.rights(row.member_role, is_personal=row.personal).may(action)
        ]
        if not found and actor.role != Role.ORGANIZER:
            raise role_missing(action)
        return found

    def first_owner(self, organization_id: OrganizationId) -> User | None:
        """Who gets mail to the organization: of its owners who can log in the first.

        ``None``: it has none.
        """
        owners = (
            select(User)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Membership.organization_id == organization_id,
                Membership.role == OrganizationRole.OWNER,
                User.disabled_at.is_(None),
            )
        )
        return self._db.scalars(
            owners.order_by(Membership.created_at, User.id).limit(1)
        ).one_or_none()
