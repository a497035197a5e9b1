from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    exists,
    literal,
    or_,
    select,
    update,
)

from app.domain.actors import Actor
from app.domain.errors import MemberAlready, MemberNotFound
from app.domain.ids import OrganizationId, UserId
from app.domain.paging import OLDEST_FIRST, Cursor, Page
from app.domain.permissions import Action, OrganizationRole, role_missing
from app.domain.states import Role
from app.models.organizers.organizations import Membership, Organization
from app.models.users.users import User
from app.repositories.base import Repository, table_of

O: Final = Organization.__table__.c  # noqa: E741  (as short as the others)
M: Final = Membership.__table__.c

NO_USER: Final = 0
"""No account has this number."""


def with_membership(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """A statement over organizations with ``member_role`` and ``is_personal``.

    It takes the account as the parameter ``user_id``; ``member_role`` is ``None`` if the account
    is no member.
    """
    is_theirs = and_(M.organization_id == O.id, M.user_id == bindparam("user_id"))
    return statement.add_columns(
        M.role.label("member_role"), O.personal_of.is_not(None).label("is_personal")
    ).outerjoin(M.user_id.table, is_theirs)


OF_ACCOUNT: Final = (
    select(
        M.organization_id, M.role.label("member_role"), O.personal_of.is_not(None).label("personal")
    )
    .join_from(Membership.__table__, Organization.__table__, O.id == M.organization_id)
    .where(M.user_id == bindparam("user_id"))
    .order_by(M.organization_id)
)


MEMBERS: Final = table_of(Membership)


@dataclass(frozen=True, slots=True)
class MemberListing:
    """A member with the account, and the name of the organization."""

    membership: Membership
    user: User
    organization: str


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
            for row in self._run(OF_ACCOUNT, user_id=actor.user_id or NO_USER)
            if actor.rights(row.member_role, is_personal=row.personal).may(action)
        ]
        if not found and actor.role != Role.ORGANIZER:
            raise role_missing(action)
        return found

    def page(
        self, organization_id: OrganizationId, *, after: Cursor | None, limit: int
    ) -> Page[MemberListing]:
        """One page of the organization's members, who joined first before."""
        statement = self._members(organization_id)
        moment, key = Membership.created_at, Membership.user_id
        page = self._page(statement, moment, key, after=after, limit=limit, sort=OLDEST_FIRST)
        return page.of(_listing)

    def get(self, organization_id: OrganizationId, user_id: UserId) -> MemberListing:
        """The member.

        Raises:
            MemberNotFound: the organization has no such member.
        """
        row = self._db.execute(
            self._members(organization_id)
            .where(Membership.user_id == user_id)
            .execution_options(populate_existing=True)
        ).one_or_none()
        if row is None:
            raise MemberNotFound(user_id)
        return _listing(row)

    @staticmethod
    def _members(organization_id: OrganizationId) -> Select[*tuple[Any, ...]]:
        return (
            select(Membership, User, Organization.name.label("organization"))
            .join(User, User.id == Membership.user_id)
            .join(Organization, Organization.id == Membership.organization_id)
            .where(Membership.organization_id == organization_id)
        )

    def has_address(self, organization_id: OrganizationId, email_key: str) -> bool:
        """Whether a member has this address."""
        members = self._members(organization_id).where(User.email_key == email_key)
        return self._db.execute(members).first() is not None

    def join(
        self,
        organization_id: OrganizationId,
        user_id: UserId,
        role: OrganizationRole,
        *,
        now: datetime,
    ) -> None:
        """Make the account a member.

        Raises:
            MemberAlready: it is one.
        """
        row = Membership(
            organization_id=organization_id, user_id=user_id, role=role, created_at=now
        )
        if self._insert_row_if_new(row) is None:
            raise MemberAlready(organization_id)

    def change_role(
        self, organization_id: OrganizationId, user_id: UserId, role: OrganizationRole
    ) -> bool:
        """Give a member another role; tell whether an owner is left.

        The organization is locked, so that no other owner goes at the same moment.
        """
        changed = update(MEMBERS).where(
            M.organization_id == organization_id,
            M.user_id == user_id,
            or_(literal(role == OrganizationRole.OWNER), _can_go(organization_id, user_id)),
        )
        return self._run(changed.values(role=role)).rowcount > 0

    def remove(self, organization_id: OrganizationId, user_id: UserId) -> bool:
        """End a membership; tell whether an owner is left. As ``change_role``."""
        removed = delete(MEMBERS).where(
            M.organization_id == organization_id,
            M.user_id == user_id,
            _can_go(organization_id, user_id),
        )
        return self._run(removed).rowcount > 0

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


def _can_go(organization_id: OrganizationId, user_id: UserId) -> ColumnElement[bool]:
    """Whether an owner is left without this member."""
    other = MEMBERS.alias("other").c
    return or_(
        M.role != OrganizationRole.OWNER,
        exists().where(
            other.organization_id == organization_id,
            other.user_id != user_id,
            other.role == OrganizationRole.OWNER,
        ),
    )


def _listing(row: Row[Any]) -> MemberListing:
    return MemberListing(membership=row.Membership, user=row.User, organization=row.organization)
