from collections.abc import Callable
from typing import Self

from pydantic import AliasChoices, Field

from app.domain.ids import EventId, OrderId, TicketId
from app.domain.states import OrderStatus, PaymentStatus
from app.schemas.base import Moment, ResponseBody
from app.services.payments.settlement import Settlement


class MoneyOut(ResponseBody):
    """An amount in the currency's minor unit (kobo, cent)."""

    amount: int = Field(
        validation_alias=AliasChoices("amount", "minor"),  # of a `Money` as well
        description="In hundredths of a unit, also where there are no coins (XOF).",
    )
    currency: str


def money_in(currency: str) -> Callable[[int], MoneyOut]:
    """What shows minor units of this currency."""
    return lambda minor: MoneyOut(amount=minor, currency=currency)


class PaymentOut(ResponseBody):
    """One attempt to pay an order."""

    reference: str = Field(description="Ours, unique for ever; verify the payment with it.")
    authorization_url: str | None = Field(
        description="Where the buyer pays; `null` when there is nothing to pay."
    )
    status: PaymentStatus
    order_id: OrderId
    order_status: OrderStatus
    event_id: EventId
    amount: MoneyOut
    surplus: MoneyOut = Field(
        description="Paid beyond `amount`: fees the account at Paystack adds to what buyers pay."
    )
    hold_expires_at: Moment = Field(description="Until when the places are kept for this buyer.")
    ticket_id: TicketId | None = Field(description="Once it is paid: the ticket.")
    ticket_ids: list[TicketId]
    reason: str | None = Field(description="Why it failed or goes back, if it does.")
    disputed_at: Moment | None = Field(
        description="When Paystack first told that the buyer's bank wants the money back."
    )

    @classmethod
    def of(cls, settlement: Settlement) -> Self:
        payment, order, tickets = settlement.payment, settlement.order, settlement.tickets
        return cls.from_fields(
            payment,
            order_status=order.status,
            surplus=MoneyOut(amount=payment.surplus_minor, currency=payment.currency),
            hold_expires_at=order.expires_at,
            ticket_id=tickets[0].id if tickets else None,
            ticket_ids=[ticket.id for ticket in tickets],
        )


class VerifiedOut(ResponseBody):
    """The payment is settled and the ticket issued."""

    message: str
    ticket_id: TicketId
    ticket_ids: list[TicketId]
    reference: str
    order_id: OrderId
    event_id: EventId


class WebhookOut(ResponseBody):
    """The webhook is stored; acting on it follows."""

    received: bool = True
    is_new: bool = Field(description="False for a repeat, which changes nothing.")
