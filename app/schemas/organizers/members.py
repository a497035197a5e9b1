from typing import Self

from pydantic import ConfigDict, Field

from app.domain.ids import UserId
from app.domain.permissions import OrganizationRole
from app.repositories.organizers.memberships import MemberListing
from app.schemas.base import Moment, RequestBody, ResponseBody


class MemberChange(RequestBody):
    """Another role for a member."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"role": "owner"}]})

    role: OrganizationRole = Field(strict=False)


class MemberOut(ResponseBody):
    """A member of an organization, for the other members."""

    user_id: UserId
    username: str
    full_name: str | None
    email: str
    role: OrganizationRole
    joined_at: Moment

    @classmethod
    def of(cls, listing: MemberListing) -> Self:
        user, membership = listing.user, listing.membership
        return cls(
            user_id=user.id,
            username=user.username,
            full_name=user.full_name,
            email=user.email,
            role=membership.role,
            joined_at=membership.created_at,
        )
