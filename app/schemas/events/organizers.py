from pydantic import Field

from app.domain.ids import OrganizationId
from app.domain.listings import EventListing
from app.domain.pictures import Picture
from app.schemas.addresses import picture_url
from app.schemas.base import ResponseBody


class LogoOut(ResponseBody):
    """A logo, as PNG. Its file never changes: another logo has another address."""

    url: str = Field(
        examples=["https://tickets.example.com/pictures/0123456789abcdef0123456789abcdef-480.png"]
    )
    width: int = Field(description="In pixels.", examples=[480])
    height: int = Field(description="In pixels.", examples=[160])

    @classmethod
    def of(cls, logo: Picture | None) -> "LogoOut | None":
        if logo is None:
            return None
        return cls(url=picture_url(logo.largest.name), width=logo.width, height=logo.height)


class OrganizationName(ResponseBody):
    """Who organizes the event."""

    id: OrganizationId
    name: str
    contact_email: str | None = Field(description="The public contact address.")
    colour: str | None = Field(description="For pages and tickets, as `#rrggbb`.")
    logo: LogoOut | None

    @classmethod
    def of(cls, event: EventListing) -> "OrganizationName":
        look = event.look
        return cls.from_fields(look, id=event.organization_id, logo=LogoOut.of(look.logo))
