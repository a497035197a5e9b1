"""What admins do with operations and pages of organizers, in the log of admins."""

from typing import Final

from fastapi import Request

from app.domain.admins.actions import NOTHING, About, AdminActionKind, AdminSubject
from app.domain.ids import MAX_ID, OrganizationId
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


def note_operation(
    request: Request,
    user: User,
    services: Services,
    *,
    organization_id: OrganizationId | None = None,
) -> None:
    """Note that the account calls this as an admin, before it is served; others are not noted.

    A reason that the call has is in the log by the service, if it is done.

    Args:
        request: the call.
        user: who calls.
        services: the shop's.
        organization_id: the organization that the body names.
    """
    if not user.actor.is_admin:
        return
    numbers = dict(request.path_params)
    if organization_id is not None:
        numbers["organization_id"] = str(organization_id)
    named = [name for name in SUBJECTS if _is_number(numbers.get(name, ""))]
    services.admin_log.note(
        user.actor,
        AdminActionKind.ORGANIZER_OPERATION,
        About(SUBJECTS[named[0]], int(numbers[named[0]])) if named else NOTHING,
        detail=f"{request.method} {request.scope['route'].path}",
    )


def _is_number(text: str) -> bool:
    """Whether a row may have it, before the path is checked."""
    return text.isascii() and text.isdecimal() and len(text) < LONGEST_NUMBER
