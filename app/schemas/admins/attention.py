from typing import Self

from pydantic import Field

from app.domain.admins.attention import AttentionItem, AttentionKind, remedy_for
from app.domain.ids import EventId, OrderId
from app.schemas.base import Moment, ResponseBody


class AttentionOut(ResponseBody):
    """Something that needs a person, and what to do about it."""

    kind: AttentionKind
    id: int = Field(description="Of the refund, mail, dispute, payment or item of a job.")
    since: Moment
    event_id: EventId | None
    order_id: OrderId | None
    reference: str | None = Field(description="Of the payment, as Paystack knows it.")
    detail: str | None = Field(
        description="The refund's or payment's state, the mail's kind, the job's name, the "
        "dispute's category.",
        examples=["failed"],
    )
    told: str | None = Field(
        description="What Paystack, the mail server or the program said last.",
        examples=["The balance is too low."],
    )
    to_do: str = Field(examples=["Fill up the balance at Paystack and retry."])
    operations: list[str] = Field(
        description="What does it; empty where it is done elsewhere.",
        examples=[["POST /admin/refunds/7/retry"]],
    )

    @classmethod
    def of(cls, item: AttentionItem) -> Self:
        remedy = remedy_for(item.kind, item.id)
        return cls.from_fields(item, to_do=remedy.to_do, operations=list(remedy.operations))
