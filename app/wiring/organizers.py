"""The services of organizations that need more than the database."""

from app.services.organizers.invitations import InvitationService
from app.wiring.adapters import Adapters


def invitation_service(outside: Adapters) -> InvitationService:
    """What invites people into organizations."""
    return InvitationService(
        database=outside.database,
        clock=outside.clock,
        ids=outside.ids,
        links=outside.links,
        signal=outside.signal,
    )
