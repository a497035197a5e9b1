from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.exc import IntegrityError

from app.database.constraints import broken_key, unique_key
from app.domain.errors import InvitationOpen
from app.domain.ids import InvitationId, OrganizationId, UserId
from app.domain.organizers.organizations import InvitationState
from app.domain.paging import Cursor, Page
from app.models.organizers.invitations import Invitation
from app.repositories.base import Repository

OPEN_INVITATION: Final = unique_key(Invitation, "organization_id", "email_key")

IS_OPEN: Final = Invitation.state == InvitationState.OPEN


class InvitationRepository(Repository):
    def invite(self, invitation: Invitation) -> None:
        """Insert an open invitation.

        Raises:
            InvitationOpen: there is one of the same address.
        """
        try:
            self.add(invitation)
        except IntegrityError as error:
            if broken_key(error, OPEN_INVITATION):
                raise InvitationOpen(invitation.email) from error
            raise

    def find(self, invitation_id: InvitationId) -> Invitation | None:
        return self._db.get(Invitation, invitation_id)

    def page(
        self, organization_id: OrganizationId, *, after: Cursor | None, limit: int
    ) -> Page[Invitation]:
        """One page of the organization's invitations, the newest first."""
        statement = select(Invitation).where(Invitation.organization_id == organization_id)
        moment, key = Invitation.invited_at, Invitation.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return page.of(lambda row: row.Invitation)

    def end(self, invitation_id: InvitationId, state: InvitationState, *, now: datetime) -> bool:
        """Accept or decline an invitation; tell whether it was open and lasted."""
        return self._end(
            state, Invitation.id == invitation_id, Invitation.expires_at > now, now=now
        )

    def revoke(
        self, organization_id: OrganizationId, invitation_id: InvitationId, *, now: datetime
    ) -> bool:
        """Take an open invitation back; tell whether the organization had it."""
        return self._end(
            InvitationState.REVOKED,
            Invitation.id == invitation_id,
            Invitation.organization_id == organization_id,
            now=now,
        )

    def revoke_of(
        self, organization_id: OrganizationId, invited_by: UserId, *, now: datetime
    ) -> None:
        """Take back what a member has sent who may not invite any more."""
        self._end(
            InvitationState.REVOKED,
            Invitation.organization_id == organization_id,
            Invitation.invited_by == invited_by,
            now=now,
        )

    def revoke_expired(
        self, organization_id: OrganizationId, email_key: str, *, now: datetime
    ) -> None:
        """Make room for a new invitation of the address where the time of the old one is over."""
        self._end(
            InvitationState.REVOKED,
            Invitation.organization_id == organization_id,
            Invitation.email_key == email_key,
            Invitation.expires_at <= now,
            now=now,
        )

    def _end(self, state: InvitationState, *which: ColumnElement[bool], now: datetime) -> bool:
        """Close open invitations; the state is the referee between all who would close one."""
        ended = self._db.scalars(
            update(Invitation)
            .where(IS_OPEN, *which)
            .values(state=state, ended_at=now)
            .returning(Invitation)
            .execution_options(populate_existing=True)
        ).all()
        return bool(ended)
