from typing import Annotated

from pydantic import Field

from app.domain.listings import EventListing
from app.domain.pictures import LONGEST_ALT, Picture
from app.schemas.addresses import picture_url
from app.schemas.base import Line, RequestBody, ResponseBody


class PictureFields(RequestBody):
    """What comes with a picture."""

    alt: Annotated[Line, Field(max_length=LONGEST_ALT)] | None = None


class PictureFile(ResponseBody):
    """One file of a picture, a JPEG."""

    url: str = Field(
        examples=["https://tickets.example.com/pictures/0123456789abcdef0123456789abcdef-400.jpg"]
    )
    width: int = Field(description="In pixels.", examples=[400])
    height: int = Field(description="In pixels.", examples=[225])


class PictureOut(ResponseBody):
    """An uploaded picture. Its files never change: another picture has other addresses."""

    alt: str | None = Field(
        description="What it shows, in words.", examples=["A band on a stage at night"]
    )
    files: list[PictureFile] = Field(description="The same in several widths, smallest first.")

    @classmethod
    def of(cls, picture: Picture | None, alt: str | None) -> "PictureOut | None":
        if picture is None:
            return None
        files = [
            PictureFile(url=picture_url(size.name), width=size.width, height=size.height)
            for size in picture.sizes
        ]
        return cls(alt=alt, files=files)


def shown_image(event: EventListing) -> str | None:
    """The address of the picture to show: an uploaded one goes before one that lies elsewhere."""
    return picture_url(event.picture.largest.name) if event.picture else event.image_url
