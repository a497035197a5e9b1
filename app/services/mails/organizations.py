from dataclasses import dataclass

from app.domain.errors import OrganizationRoleMissing
from app.domain.ids import InvitationId
from app.domain.organizers.exports import ACTIONS, ExportState
from app.domain.organizers.organizations import InvitationState
from app.domain.ports import Mail
from app.models.operations.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, called, reads


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganizationMails:
    """Mails about organizations."""

    writer: MailWriter

    def invitation(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To an invited address: the link that accepts or declines, while it does."""
        invitation = work.invitations.find(InvitationId(message.subject_id))
        if invitation is None or invitation.state != InvitationState.OPEN:
            return None
        known = work.users.find_by_email(invitation.email)
        inviter = work.users.get(invitation.invited_by)
        token = self.writer.links.issue(invitation.link_subject)
        return self.writer.write(
            work,
            message,
            to=invitation.email,
            language=reads(known or inviter),
            receiver=called(known) if known is not None and known.email_confirmed else None,
            inviter=called(inviter),
            organization=work.organizations.get(invitation.organization_id).name,
            role=invitation.role,
            until=invitation.expires_at,
            link=f"{self.writer.public_url}/invitation?token={token}",
        )

    def export_done(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the member who asked for a file: where it is, or that it could not be written."""
        job = work.export_jobs.find(message.subject_id)
        if job is None:
            return None
        receiver = work.users.get(job.requested_by)
        try:
            event = work.event_access.for_actor(receiver.actor, job.event_id, ACTIONS[job.kind])
        except OrganizationRoleMissing:
            return None
        files = f"{self.writer.public_url}/manage/events/{job.event_id}/exports"
        is_ready = job.state == ExportState.READY
        return self.writer.write_to(
            work,
            message,
            receiver,
            name="export_ready" if is_ready else "export_failed",
            receiver=called(receiver),
            event=event.title,
            kind=job.kind,
            until=job.expires_at if is_ready else None,
            link=f"{files}/{job.id}" if is_ready else files,
        )
