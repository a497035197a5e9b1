"""Invitations into an organization: a mail with a link that works once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import (
    AccountDisabled,
    InvitationNotFound,
    LinkInvalid,
    MemberAlready,
    OrganizationNotFound,
    OrganizationNotShared,
)
from app.domain.ids import InvitationId, OrganizationId
from app.domain.organizers.organizations import InvitationState, OrganizationKind
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action, OrganizationRole
from app.domain.ports import Clock, IdGenerator, LinkTokens, WorkSignal
from app.domain.states import OutboxKind
from app.domain.text import address_key
from app.models.organizers.invitations import Invitation
from app.models.organizers.organizations import Organization
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.memberships import MemberListing
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.mail_limits import MailLimit
from app.services.users.account_requests import add_reset
from app.services.users.accounts_by_mail import account_of

INVITATION_LASTS: Final = timedelta(days=7)
INVITATIONS_A_DAY: Final = MailLimit(most=50, within=timedelta(days=1))
"""Of one organization."""


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What the link in a mail is about."""

    invitation: Invitation
    organization: Organization
    inviter: User
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationService:
    """Invites people by mail. Who opens the link reads mail to the address, and needs no login."""

    database: Database
    clock: Clock
    ids: IdGenerator
    links: LinkTokens
    signal: WorkSignal

    def invite(
        self,
        *,
        owner: User,
        organization_id: OrganizationId,
        email: str,
        role: OrganizationRole,
    ) -> Invitation:
        """Send an invitation to the reader of ``email``; it can be accepted for seven days.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
            OrganizationNotShared: it is a personal one, or the demo's.
            MemberAlready: the account with the address is a member.
            InvitationOpen: the address has an open invitation.
            TooManyMails: the organization sent too many invitations today.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            work.organizations.ensure_may(owner.actor, organization_id, Action.MANAGE_TEAM)
            if work.organizations.get(organization_id).kind != OrganizationKind.SHARED:
                raise OrganizationNotShared(organization_id)
            work.organizations.keep(organization_id)
            key = address_key(email)
            if work.memberships.has_address(organization_id, key):
                raise MemberAlready(organization_id)
            work.invitations.revoke_expired(organization_id, key, now=now)
            invitation = Invitation(
                organization_id=organization_id,
                email=email,
                email_key=key,
                role=role,
                state=InvitationState.OPEN,
                invited_by=owner.id,
                invited_at=now,
                expires_at=now + INVITATION_LASTS,
            )
            work.invitations.invite(invitation)
            INVITATIONS_A_DAY.count(work, f"invitations:{organization_id}", now=now)
            work.outbox.enqueue(
                OutboxKind.ORGANIZATION_INVITATION, invitation.id, event_id=None, now=now
            )
        self.signal.wake()
        return invitation

    def page(
        self, *, owner: User, organization_id: OrganizationId, after: Cursor | None, limit: int
    ) -> Page[Invitation]:
        """One page of the organization's invitations, the newest first.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
        """
        with self.database.reading() as work:
            work.organizations.ensure_may(owner.actor, organization_id, Action.MANAGE_TEAM)
            return work.invitations.page(organization_id, after=after, limit=limit)

    def revoke(
        self, *, owner: User, organization_id: OrganizationId, invitation_id: InvitationId
    ) -> None:
        """Take an invitation back that is neither accepted nor declined.

        Raises:
            OrganizationNotFound: there is none, or the account is not in it.
            OrganizationRoleMissing: the account is no owner.
            InvitationNotFound: the organization has no open one of this id.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            work.organizations.ensure_may(owner.actor, organization_id, Action.MANAGE_TEAM)
            if not work.invitations.revoke(organization_id, invitation_id, now=now):
                raise InvitationNotFound(invitation_id)

    def look(self, *, token: str) -> OpenInvitation:
        """What the link in the mail is about; changes nothing.

        Raises:
            LinkInvalid: it is not one of ours, or the organization was deleted.
        """
        with self.database.reading() as work:
            invitation = self._found(work, token)
            try:
                return OpenInvitation(
                    invitation,
                    work.organizations.get(invitation.organization_id),
                    work.users.get(invitation.invited_by),
                    invitation.is_open(self.clock.now()) and self._may_invite(work, invitation),
                )
            except OrganizationNotFound as error:
                raise LinkInvalid from error

    def accept(self, *, token: str) -> MemberListing:
        """Join the organization. No login is needed.

        The member is the account with the address, which is opened if there is none.

        Raises:
            LinkInvalid: the link is not ours, was used, the invitation ended, or its sender may
                no longer invite.
            AccountDisabled: the account with the address is disabled.
            MemberAlready: the account joined in between.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            invitation = self._found(work, token)
            # The account, the organization, the invitation, as when any is deleted: no deadlock.
            account = self._acceptor(work, invitation, now=now)
            if not work.organizations.is_kept(invitation.organization_id):
                raise LinkInvalid
            if not self._may_invite(work, invitation):
                raise LinkInvalid
            self._end(work, invitation, InvitationState.ACCEPTED, now=now)
            work.memberships.join(invitation.organization_id, account.id, invitation.role, now=now)
            joined = work.memberships.get(invitation.organization_id, account.id)
        self.signal.wake()
        return joined

    def decline(self, *, token: str) -> None:
        """Say no to an invitation. No login is needed.

        Raises:
            LinkInvalid: the link is not ours, was used, or the invitation ended.
        """
        with self.database.writing() as work:
            invitation = self._found(work, token)
            self._end(work, invitation, InvitationState.DECLINED, now=self.clock.now())

    def _acceptor(self, work: UnitOfWork, invitation: Invitation, *, now: datetime) -> User:
        if not invitation.is_open(now):
            raise LinkInvalid
        is_new = work.users.find_by_email(invitation.email) is None
        account = account_of(work, email=invitation.email, full_name=None, ids=self.ids, now=now)
        if account.is_disabled:
            raise AccountDisabled
        if is_new:
            add_reset(work, account.email_key, now=now)
        return account

    @staticmethod
    def _may_invite(work: UnitOfWork, invitation: Invitation) -> bool:
        """Whether its sender still may: the account may be disabled, or no longer an owner."""
        inviter = work.users.get(invitation.invited_by)
        rights = work.organizations.rights(inviter.actor, invitation.organization_id)
        return not inviter.is_disabled and rights.may(Action.MANAGE_TEAM)

    @staticmethod
    def _end(
        work: UnitOfWork, invitation: Invitation, state: InvitationState, *, now: datetime
    ) -> None:
        """Use the link up: of many calls at once, one does."""
        if not work.invitations.end(invitation.id, state, now=now):
            raise LinkInvalid

    def _found(self, work: UnitOfWork, token: str) -> Invitation:
        """The invitation whose link has this secret."""
        invitation = work.invitations.find(InvitationId(self.links.row_id_in(token)))
        if invitation is None:
            raise LinkInvalid
        self.links.ensure(token, invitation.link_subject)
        return invitation
