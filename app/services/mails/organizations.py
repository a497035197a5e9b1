from dataclasses import dataclass

from app.domain.ids import InvitationId
from app.domain.organizers.organizations import InvitationState
from app.domain.ports import LinkTokens, Mail
from app.models.operations.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called, reads


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationMails:
    """Mails about organizations."""

    writer: MailWriter
    links: LinkTokens

    def invitation(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To an invited address: the link that accepts or declines, while it does."""
        invitation = work.invitations.get(InvitationId(message.subject_id))
        if invitation.state != InvitationState.OPEN:
            return None
        known = work.users.find_by_email(invitation.email)
        inviter = work.users.get(invitation.invited_by)
        token = self.links.issue(invitation.link_subject)
        return self.writer.write(
            message,
            "organization_invitation",
            to=invitation.email,
            language=reads(known or inviter),
            receiver=called(known) if known is not None and known.email_confirmed else None,
            inviter=called(inviter),
            organization=work.organizations.get(invitation.organization_id).name,
            role=invitation.role,
            until=invitation.expires_at,
            link=f"{self.writer.public_url}/invitation?token={token}",
        )
