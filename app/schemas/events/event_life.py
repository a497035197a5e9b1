from pydantic import ConfigDict, Field

from app.schemas.base import LocalOrUtc, Moment, RequestBody, ResponseBody
from app.schemas.events.event_fields import Title
from app.schemas.payments.payments import MoneyOut


class EventDuplicate(RequestBody):
    """The date of the same event once more."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"date": "2030-06-08T19:00:00"}]})

    date: LocalOrUtc = Field(
        description="When it begins; without an offset in the event's `time_zone`. Its end, its "
        "doors and all windows move with it, by the clocks of that zone. If it lasts whole days, "
        "the copy lasts as many: `date` is the first."
    )
    title: Title | None = Field(default=None, description="Another title, if it gets one.")


class CancellationRequest(RequestBody):
    """Whether to cancel the event, or only to see what that means."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"dry_run": True}]})

    dry_run: bool = Field(default=True, description="`false` cancels it; there is no way back.")


class CancellationOut(ResponseBody):
    """What cancelling the event means, or how far it is."""

    cancelled_at: Moment | None = Field(description="`null`: it was not cancelled.")
    orders_to_refund: int
    to_refund: MoneyOut
    orders_refunded: int
    refunded: MoneyOut
