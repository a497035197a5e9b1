from pydantic import Field

from app.schemas.base import ResponseBody


class CategoryOut(ResponseBody):
    """A category of what is on."""

    name: str = Field(description="For `?category=` of `GET /events/`.")
    events: int = Field(description="How many events of it are on or lie ahead.")
