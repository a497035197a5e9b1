from pydantic import ConfigDict, Field

from app.domain.ids import InvitationId, OrganizationId, UserId
from app.domain.organizers.organizations import InvitationState
from app.domain.permissions import OrganizationRole
from app.schemas.base import Line, Moment, RequestBody, ResponseBody
from app.schemas.people import Email


class InvitationCreate(RequestBody):
    """Whom to invite, and what for."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"email": "bola@example.com", "role": "manager"}]}
    )

    email: Email = Field(description="Where the link that accepts it is sent.")
    role: OrganizationRole = Field(strict=False)


class InvitationOut(ResponseBody):
    """An invitation into an organization, for its owners."""

    id: InvitationId
    email: str
    role: OrganizationRole
    state: InvitationState
    invited_by: UserId
    invited_at: Moment
    expires_at: Moment = Field(description="Until when it can be accepted.")
    ended_at: Moment | None


class InvitationAnswer(RequestBody):
    """The secret of an invitation."""

    token: Line = Field(
        min_length=1,
        max_length=64,
        description="From the link in the mail.",
        examples=["1.a2V5IG9mIHRoZSBtYWls"],
    )


class AcceptedOut(ResponseBody):
    """What was joined, and by which account."""

    organization_id: OrganizationId
    organization: str
    user_id: UserId
    role: OrganizationRole
