"""Where the link of an invitation leads. Opening it changes nothing: mail scanners do that."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Response
from fastapi.responses import HTMLResponse

from app.domain.errors import AccountDisabled, LinkInvalid, MemberAlready
from app.domain.languages import marked
from app.domain.organizers.organizations import InvitationState
from app.http.dependencies import ServicesDep
from app.pages.rendering import page

router = APIRouter(include_in_schema=False)

OVER: Final = {
    InvitationState.OPEN: ("bad", marked("Too late"), marked("This invitation has ended.")),
    InvitationState.REVOKED: ("bad", marked("Withdrawn"), marked("This invitation was withdrawn.")),
    InvitationState.DECLINED: ("good", marked("Declined"), marked("You declined this invitation.")),
    InvitationState.ACCEPTED: ("good", marked("Accepted"), marked("You are a member now.")),
}


@router.get("/invitation")
def invitation(services: ServicesDep, token: Annotated[str, Query()] = "") -> HTMLResponse:
    """Who invites into what, and a button for each answer."""
    try:
        found = services.invitations.look(token=token)
    except LinkInvalid as refusal:
        return page("missing.html", status=404, detail=refusal.detail)
    if not found.is_open:
        mark, badge, heading = OVER[found.invitation.state]
        status = 410 if mark == "bad" else 200
        return page("transfer_over.html", status=status, mark=mark, badge=badge, heading=heading)
    return page(
        "invitation.html",
        has_form=True,
        organization=found.organization.name,
        role=found.invitation.role,
        email=found.invitation.email,
        inviter=found.inviter.full_name or found.inviter.username,
        until=found.invitation.expires_at,
        token=token,
    )


@router.post("/invitation")
def answer_invitation(
    services: ServicesDep,
    token: Annotated[str, Form()] = "",
    answer: Annotated[str, Form()] = "",
) -> Response:
    """What the buttons do; then the page says what became of the invitation."""
    try:
        if answer == "accept":
            services.invitations.accept(token=token)
        elif answer == "decline":
            services.invitations.decline(token=token)
    except LinkInvalid:
        pass  # Pressed twice, or too late: the page says which.
    except AccountDisabled as refusal:
        return page("account_disabled.html", status=403, detail=refusal.detail)
    except MemberAlready as refusal:
        return page("missing.html", status=409, detail=refusal.detail)
    return invitation(services, token)
