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
        membership = listing.membership
        return cls.from_fields(membership, listing.user, joined_at=membership.created_at)
