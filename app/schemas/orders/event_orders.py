from typing import Self

from pydantic import Field

from app.domain.ids import UserId
from app.repositories.orders.event_orders import EventOrder
from app.schemas.base import ResponseBody
from app.schemas.operations.messages import MessageOut
from app.schemas.orders.orders import OrderDetailOut, OrderOut
from app.schemas.payments.payments import MoneyOut
from app.services.orders.event_orders import EventOrderDetail


class EventOrderOut(OrderOut):
    """An order of your event, and who placed it."""

    buyer_id: UserId
    username: str
    full_name: str | None
    email: str

    @classmethod
    def of_event(cls, one: EventOrder) -> Self:
        return cls.from_fields(OrderOut.of(one.order), one, one.order)


class BuyerOut(ResponseBody):
    """Who placed an order."""

    id: UserId
    username: str
    full_name: str | None
    email: str
    email_confirmed: bool


class EventOrderDetailOut(OrderDetailOut):
    """An order of your event with all that a buyer may ask about."""

    buyer: BuyerOut
    left_to_refund: MoneyOut = Field(
        description="What was paid, less refunds and what a buyer's bank took back."
    )
    mails: list[MessageOut] = Field(description="To the buyer about this order, the oldest first.")

    @classmethod
    def of_event(cls, found: EventOrderDetail) -> Self:
        return cls.of_detail(
            found.detail,
            buyer=BuyerOut.from_fields(
                found.buyer,
                full_name=found.detail.order.buyer_name or found.buyer.full_name,
            ),
            left_to_refund=found.left,
            mails=[MessageOut.of(mail) for mail in found.mails],
        )
