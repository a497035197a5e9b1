from pydantic import Field

from app.domain.events.categories import CategoryCount
from app.schemas.base import ResponseBody


class CategoryOut(ResponseBody):
    """A category of what is on."""

    name: str = Field(description="For `?category=` of `GET /events/`.")
    events: int = Field(description="How many events of it are on or lie ahead.")

    @classmethod
    def of(cls, category: CategoryCount) -> "CategoryOut":
        return cls.from_fields(category)
