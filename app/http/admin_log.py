"""What admins do with operations and pages of organizers, in the log of admins."""

from typing import Final

from fastapi import Request

from app.domain.admins.actions import AdminActionKind, AdminSubject
from app.domain.ids import MAX_ID
from app.http.services import Services
from app.models.users.users import User

SUBJECTS: Final = {
    "order_id": AdminSubject.ORDER,
    "refund_id": AdminSubject.REFUND,
    "ticket_id": AdminSubject.TICKET,
    "event_id": AdminSubject.EVENT,
    "organization_id": AdminSubject.ORGANIZATION,
}
"""What a path names, the most particular first."""
LONGEST_NUMBER: Final = len(str(MAX_ID))


def note_operation(request: Request, user: User, services: Services) -> None:
    """Note that the account calls this as an admin, before it is served; others are not noted."""
    if not user.actor.is_admin:
        return
    named = [name for name in SUBJECTS if _is_number(request.path_params.get(name, ""))]
    services.admin_log.note(
        user.actor,
        AdminActionKind.ORGANIZER_OPERATION,
        subject=SUBJECTS[named[0]] if named else None,
        subject_id=int(request.path_params[named[0]]) if named else None,
        detail=f"{request.method} {request.scope['route'].path}",
    )


def _is_number(text: str) -> bool:
    """Whether a row may have it, before the path is checked."""
    return text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER
