from pydantic import ConfigDict, Field

from app.schemas.base import Moment, RequestBody, ResponseBody
from app.schemas.payments.payments import MoneyOut


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
