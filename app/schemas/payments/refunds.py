from typing import Annotated, Self

from pydantic import ConfigDict, Field

from app.domain.ids import EventId, OrderId, RefundId, TicketId, UserId
from app.domain.money import Money
from app.domain.states import RefundState
from app.repositories.payments.refund_listings import RefundListing
from app.schemas.base import Line, MailLine, Moment, RequestBody, ResponseBody, RowId
from app.schemas.currencies import MoneyIn
from app.schemas.payments.payments import MoneyOut

RefundReason = Annotated[MailLine, Field(min_length=1, max_length=200)]
"""A mail tells the buyer, and holders who got a ticket from them."""


class RefundRequest(RequestBody):
    """The tickets to refund."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "I cannot come"}]})

    ticket_ids: list[RowId] | None = Field(
        default=None,
        min_length=1,
        max_length=50,
        description="When left out: all that can be refunded.",
    )
    reason: RefundReason | None = Field(default=None, description="Why; the buyer reads it.")


class MoneyRefund(RequestBody):
    """Money to refund while the tickets stay valid."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "amount": {"amount": 50_000, "currency": "NGN"},
                    "reason": "The support act is ill",
                }
            ]
        }
    )

    amount: MoneyIn = Field(description="At most what is left to refund of the order.")
    reason: RefundReason = Field(description="Why; the buyer reads it.")

    @property
    def money(self) -> Money:
        return Money(self.amount.amount, self.amount.currency)


class RefundClosing(RequestBody):
    """How the money went back."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"note": "Bank transfer of 3 May, number 123"}]}
    )

    note: Line = Field(min_length=1, max_length=200, description="Kept with the refund.")


class RefundOut(ResponseBody):
    """Money on its way back."""

    id: RefundId
    order_id: OrderId
    ticket_ids: list[TicketId] = Field(
        description="The refunded tickets; none of money alone, or that had bought nothing."
    )
    keeps_tickets: bool = Field(description="Money alone goes back: the tickets stay valid.")
    amount: MoneyOut
    state: RefundState
    reason: str | None
    requested_at: Moment
    ended_at: Moment | None

    @classmethod
    def of(cls, listing: RefundListing) -> Self:
        refund = listing.refund
        return cls.from_fields(listing, refund, reason=refund.reason or None)


class ManagedRefundOut(RefundOut):
    """A refund of your event, with what keeps it from its end."""

    event_id: EventId
    reference: str = Field(description="The payment's, as Paystack knows it.")
    buyer_id: UserId
    username: str
    last_error: str | None = Field(description="What Paystack said last, if it refused.")
    done_by: str | None = Field(description="Who marked it as done, such as `user:7`.")
    done_note: str | None = Field(description="How the money went back, if not by Paystack.")
