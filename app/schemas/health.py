from pydantic import Field

from app.schemas.base import ResponseBody


class LiveOut(ResponseBody):
    """The process runs."""

    status: str = "alive"


class ReadyOut(ResponseBody):
    """What the parts of the shop say."""

    status: str = Field(description="`ready` or `unready`.")
    database: str
    migrations: str = Field(description="`current`, `missing` or `unknown`.")
    breaker: str = Field(description="`closed`, `open` or `half-open`: the fence around Paystack.")
    paystack_calls_in_flight: int
    outbox_age_seconds: float | None = Field(description="Age of the oldest unsent message.")
    webhook_age_seconds: float | None = Field(description="Age of the oldest webhook not acted on.")
