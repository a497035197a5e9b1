from typing import Self

from pydantic import Field

from app.domain.ids import EventId, OrderId
from app.repositories.payments.disputes import DisputeOfPayment
from app.schemas.base import Moment, ResponseBody
from app.schemas.payments.payments import MoneyOut


class DisputeOut(ResponseBody):
    """A buyer's bank wants the money of a payment back. Answer it on Paystack's dashboard."""

    id: int
    paystack_id: str = Field(description="Its number on Paystack's dashboard.")
    reference: str = Field(description="Of the payment.")
    order_id: OrderId
    event_id: EventId
    status: str | None = Field(
        description="In Paystack's words, such as `awaiting-merchant-feedback`."
    )
    category: str | None = Field(description="In Paystack's words, such as `chargeback`.")
    resolution: str | None = Field(description="In Paystack's words, once it is resolved.")
    amount: MoneyOut | None = Field(description="What the bank wants back; `null`: not told.")
    due_at: Moment | None = Field(description="Until when it can be answered; `null`: not told.")
    opened_at: Moment = Field(description="When Paystack first told of it.")
    resolved_at: Moment | None

    @classmethod
    def of(cls, found: DisputeOfPayment) -> Self:
        dispute, minor = found.dispute, found.dispute.amount_minor
        return cls.from_fields(
            dispute,
            found,
            paystack_id=dispute.provider_id,
            amount=None if minor is None else MoneyOut(amount=minor, currency=found.currency),
        )
