from typing import Annotated, Self

from pydantic import ConfigDict, Field, WithJsonSchema

from app.domain.ids import MAX_ID, OrganizationId
from app.domain.organizers.organizations import OrganizationKind
from app.domain.permissions import OrganizationRole
from app.repositories.organizers.organizations import OrganizationListing
from app.schemas.base import (
    Kept,
    Line,
    MailLine,
    Moment,
    RequestBody,
    ResponseBody,
)
from app.schemas.events.organizers import LogoOut
from app.schemas.people import Email

OrganizationTitle = Annotated[MailLine, Field(min_length=1, max_length=120)]
RRGGBB = r"^#[0-9a-f]{6}$"
Colour = Annotated[
    Line, Field(pattern=RRGGBB), WithJsonSchema({"type": "string", "pattern": RRGGBB})
]


class OrganizationCreate(RequestBody):
    """An organization to run events together."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"name": "Jazz Collective", "contact_email": "hello@jazz.example.com"}]
        }
    )

    name: OrganizationTitle = Field(description="What people read on tickets and in mails.")
    contact_email: Email | None = Field(default=None, description="The public contact address.")
    reply_to: Email | None = Field(
        default=None,
        description="Where answers to mails about its events go; without it, to `contact_email`.",
    )
    colour: Colour | None = Field(
        default=None, description="For pages and tickets, as `#rrggbb`.", examples=["#1a5fb4"]
    )


class OrganizationChange(RequestBody):
    """What to change; what is left out stays. `null` empties optional fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "Jazz Collective Lagos"}]})

    name: Kept[OrganizationTitle] = None
    contact_email: Email | None = None
    reply_to: Email | None = None
    colour: Colour | None = None


class OrganizationOut(ResponseBody):
    """An organization, for its members."""

    id: OrganizationId
    kind: OrganizationKind
    name: str
    contact_email: str | None
    reply_to: str | None
    colour: str | None
    logo: LogoOut | None
    my_role: OrganizationRole | None = Field(description="`null`: an admin who is no member.")
    created_at: Moment

    @classmethod
    def of(cls, listing: OrganizationListing) -> Self:
        return cls.from_fields(
            listing.organization, logo=LogoOut.of(listing.logo), my_role=listing.role
        )


class Handover(RequestBody):
    """Whose the event shall be."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organization_id": 1}]})

    organization_id: Annotated[OrganizationId, Field(ge=1, le=MAX_ID)] = Field(
        description="An organization in which you are owner or manager."
    )
