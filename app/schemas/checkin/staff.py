from pydantic import ConfigDict, Field

from app.domain.ids import UserId
from app.schemas.base import Line, Moment, RequestBody, ResponseBody


class StaffCreate(RequestBody):
    """Who is to check tickets."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"name": "testuser"}]})

    name: Line = Field(
        min_length=1, max_length=254, description="User name or e-mail address of an account."
    )


class StaffOut(ResponseBody):
    """An account that checks in tickets of the event."""

    user_id: UserId
    username: str
    full_name: str | None
    added_at: Moment
