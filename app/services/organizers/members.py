"""The members of an organization: their roles, and how they leave."""

from dataclasses import dataclass

from app.domain.errors import LastOwner
from app.domain.ids import OrganizationId, UserId
from app.domain.paging import Cursor, Page
from app.domain.permissions import ROLES_FOR, Action, OrganizationRole
from app.domain.ports import Clock
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.memberships import MemberListing


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberService:
    """Shows members, changes their roles and ends memberships.

    Who changes members locks the organization first: two owners who leave at once would each see
    the other.
    """

    database: Database
    clock: Clock

    def page(
        self,
        *,
        member: User,
        organization_id: OrganizationId,
        after: Cursor | None,
        limit: int,
    ) -> Page[MemberListing]:
        """One page of the organization's members, who joined first before.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
        """
        with self.database.reading() as work:
            work.organizations.ensure_may(member.actor, organization_id, Action.SEE_TEAM)
            return work.memberships.page(organization_id, after=after, limit=limit)

    def change_role(
        self,
        *,
        owner: User,
        organization_id: OrganizationId,
        user_id: UserId,
        role: OrganizationRole,
    ) -> MemberListing:
        """Give a member another role. Open invitations of a former owner end.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
            MemberNotFound: there is no such member.
            LastOwner: the organization would have no owner.
        """
        with self.database.writing() as work:
            work.organizations.ensure_may(owner.actor, organization_id, Action.MANAGE_TEAM)
            work.organizations.lock(organization_id)
            # Asked again behind the lock: the caller may have been an owner until now.
            work.organizations.ensure_may(owner.actor, organization_id, Action.MANAGE_TEAM)
            work.memberships.get(organization_id, user_id)
            if not work.memberships.change_role(organization_id, user_id, role):
                raise LastOwner(organization_id)
            if role not in ROLES_FOR[Action.MANAGE_TEAM]:
                work.invitations.revoke_of(organization_id, user_id, now=self.clock.now())
            return work.memberships.get(organization_id, user_id)

    def remove(self, *, caller: User, organization_id: OrganizationId, user_id: UserId) -> None:
        """End a membership: an owner ends another one's, and members end their own.

        Open invitations that the member has sent end with it, and so does their work as gate staff
        of the organization's events, which they may have given themselves.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner, and the membership not its own.
            MemberNotFound: there is no such member.
            LastOwner: the organization would have no owner.
        """
        action = Action.SEE_TEAM if user_id == caller.id else Action.MANAGE_TEAM
        with self.database.writing() as work:
            work.organizations.ensure_may(caller.actor, organization_id, action)
            work.organizations.lock(organization_id)
            work.organizations.ensure_may(caller.actor, organization_id, action)
            work.memberships.get(organization_id, user_id)
            if not work.memberships.remove(organization_id, user_id):
                raise LastOwner(organization_id)
            work.staff.let_go_of_all(organization_id, user_id)
            work.invitations.revoke_of(organization_id, user_id, now=self.clock.now())
