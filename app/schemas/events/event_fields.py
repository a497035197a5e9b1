"""Fields of an event, as bodies have them."""

from typing import Annotated

from pydantic import AfterValidator, AnyHttpUrl, Field, TypeAdapter, WithJsonSchema

from app.domain.moments import iana_zone
from app.schemas.base import Line, MailLine, Text

_HTTP_URL = TypeAdapter(AnyHttpUrl)


def _http_url(url: str) -> str:
    return str(_HTTP_URL.validate_python(url))


Title = Annotated[MailLine, Field(min_length=1, max_length=200)]
Location = Annotated[Line, Field(min_length=1, max_length=200)]
"""It may be a web address: an online event takes place there."""
Category = Annotated[Line, Field(min_length=1, max_length=60)]
Description = Annotated[Text, Field(max_length=10_000)]
TimeZone = Annotated[Line, Field(max_length=64), AfterValidator(iana_zone)]
ImageUrl = Annotated[
    Line,
    Field(max_length=2000),
    AfterValidator(_http_url),
    WithJsonSchema({"type": "string", "format": "uri", "pattern": "^https?://", "maxLength": 2000}),
]
Terms = Annotated[Text, Field(max_length=2000)]
RefundHours = Annotated[int, Field(ge=0, le=24 * 365)]


ALL_DAY = (
    "Whether it lasts whole days of `time_zone`, and is shown by days, without a time. `date` and "
    "`ends_at` are then days, or moments at which a day begins there; sales end with it."
)
ENDS_AT = (
    "When it is over. Of an event that lasts whole days, the day behind its last one, as calendars "
    "have it: `2026-12-07` for 4 to 6 December; without it, it lasts one day."
)
