from pydantic import Field

from app.schemas.base import ResponseBody


class LiveOut(ResponseBody):
    """The process runs."""

    status: str = "alive"


class ReadyOut(ResponseBody):
    """What the parts of the shop say."""

    status: str = Field(description="`ready` or `unready`.")
    database: str = Field(
        description="`ok`, `read-only`, or why it cannot be used, as a refusal's `code`."
    )
    migrations: str = Field(
        description="`current`; `newer` than this release, which may work with it; `missing`, "
        "`incompatible` or `unknown`: the shop does not work."
    )
    breaker: str = Field(
        description="`closed`, `open` or `half-open`: the breaker around Paystack."
    )
    paystack_calls_in_flight: int
    outbox_age_seconds: float | None = Field(description="Age of the oldest unsent message.")
    refunds_stuck: int | None = Field(
        description="Refunds that failed or need attention: see `GET /refunds`."
    )
    webhook_age_seconds: float | None = Field(description="Age of the oldest webhook not acted on.")
    clock_skew_seconds: float | None = Field(
        default=None, description="How far this host's clock is ahead of the database's."
    )
    failed_items: int = Field(
        description="Items of background work that failed and are tried again later; the log has "
        "each once, with its id."
    )
