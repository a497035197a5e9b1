"""Settings of sales: how long places are kept, and what events begin with."""

from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_settings import BaseSettings

from app.config.fields import Duration
from app.domain.moments import iana_zone


class SalesSettings(BaseSettings):
    """Settings of sales: how long places are kept, and what events begin with."""

    hold_for: Duration = Field(
        default=timedelta(minutes=15), description="How long an unpaid order keeps its places."
    )
    offer_for: Duration = Field(
        default=timedelta(hours=2),
        description="How long freed places are kept for the first of a waiting list.",
    )
    unpaid_orders: int = Field(
        default=5,
        ge=1,
        description="How many unpaid orders of one event an account may have at a time.",
    )
    unpaid_places: int = Field(
        default=20,
        ge=1,
        description="How many unpaid places of one event an account may hold at a time.",
    )
    unconfirmed_places: int = Field(
        default=5,
        ge=1,
        description="How many places of one event, unpaid or free, an account may have while its "
        "e-mail address is not confirmed.",
    )
    free_places: int = Field(
        default=20,
        ge=1,
        description="How many free places of one event an account may have, unless the event has a "
        "`max_per_buyer`.",
    )
    lapse_pause: Duration = Field(
        default=timedelta(minutes=5),
        description="How long an account may place no order of an event after it held places there "
        "unpaid for twice `HOLD_FOR` within a day; doubled with each further time.",
    )
    counts_stream_for: Duration = Field(
        default=timedelta(seconds=30),
        description="How long one stream of attendance counts lasts; clients open it again.",
    )
    idempotency_takeover: Duration = Field(
        default=timedelta(seconds=60),
        description="After how long an unanswered call under an `Idempotency-Key` is taken for "
        "dead, and a repeated call goes on with it. Longer than any call takes.",
    )
    default_currency: str = Field(
        default="NGN",
        pattern="^(GHS|KES|NGN|USD|XOF|ZAR)$",
        description="Of events that name none.",
    )
    default_time_zone: Annotated[str, AfterValidator(iana_zone)] = Field(
        default="Africa/Lagos", description="IANA zone of events that name none."
    )
