from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field, WithJsonSchema, field_validator

from app.domain.ids import MAX_ID, OrganizationId
from app.domain.organizers.organizations import OrganizationKind
from app.domain.permissions import OrganizationRole
from app.repositories.organizers.organizations import OrganizationListing
from app.schemas.base import (
    Line,
    MailLine,
    Moment,
    RequestBody,
    ResponseBody,
    refuse_null,
    take_no_null,
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


def _describe_change(schema: dict[str, Any]) -> None:
    schema["examples"] = [{"name": "Jazz Collective Lagos"}]
    take_no_null(schema, "name")


class OrganizationChange(RequestBody):
    """What to change; what is left out stays. `null` empties optional fields."""

    model_config = ConfigDict(json_schema_extra=_describe_change)

    name: OrganizationTitle | None = None
    contact_email: Email | None = None
    reply_to: Email | None = None
    colour: Colour | None = None

    @field_validator("name", mode="before")
    @classmethod
    def _is_not_null(cls, value: object) -> object:
        return refuse_null(value)


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
        organization = listing.organization
        return cls(
            id=organization.id,
            kind=organization.kind,
            name=organization.name,
            contact_email=organization.contact_email,
            reply_to=organization.reply_to,
            colour=organization.colour,
            logo=LogoOut.of(listing.logo),
            my_role=listing.role,
            created_at=organization.created_at,
        )


class Handover(RequestBody):
    """Whose the event shall be."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"organization_id": 1}]})

    organization_id: Annotated[OrganizationId, Field(ge=1, le=MAX_ID)] = Field(
        description="An organization in which you are owner or manager."
    )
