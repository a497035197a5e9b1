from typing import Annotated, Any, Self

from pydantic import ConfigDict, Field

from app.domain.ids import EventId, OrderId, TicketId, TicketTypeId
from app.domain.money import MAXIMUM_CHARGE_MINOR, SUBUNITS_PER_UNIT
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import OrderKind, OrderStatus, PaymentStatus
from app.domain.users.attempts import ClientAddress
from app.models.orders.orders import Order
from app.schemas.base import Line, MailLine, Moment, RequestBody, ResponseBody, RowId
from app.schemas.payments.payments import MoneyOut, money_in
from app.schemas.payments.refunds import RefundOut
from app.services.orders.orders import OrderDetail

AttendeeName = Annotated[MailLine, Field(min_length=1, max_length=120)]
AccessCode = Annotated[Line, Field(min_length=1, max_length=64)]


class OrderItemIn(RequestBody):
    """Tickets of one type."""

    ticket_type_id: RowId
    quantity: int = Field(ge=1, le=50, description="Within what the ticket type allows.")
    attendees: list[AttendeeName] = Field(
        default_factory=list, max_length=50, description="Who will come, as far as it is known."
    )

    @property
    def wanted(self) -> RequestedItem:
        """The same in the shop's own words."""
        return RequestedItem(
            ticket_type_id=TicketTypeId(self.ticket_type_id),
            quantity=self.quantity,
            attendees=self.attendees,
        )


class OrderCreate(RequestBody):
    """The tickets wanted, all or none of them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"event_id": 1}]})

    event_id: RowId
    items: list[OrderItemIn] = Field(
        default_factory=list,
        max_length=20,
        description="When left out: one ticket of the event's first type. All together cost at "
        f"most {MAXIMUM_CHARGE_MINOR // SUBUNITS_PER_UNIT:,}, which Paystack charges at once.",
    )
    access_code: AccessCode | None = Field(default=None, description="Opens hidden types.")
    promo_code: AccessCode | None = Field(default=None, description="Makes tickets cheaper.")

    def order_request(self, client: ClientAddress) -> OrderRequest:
        """The same in the shop's own words, wanted from that client."""
        return OrderRequest(
            event_id=EventId(self.event_id),
            items=[item.wanted for item in self.items],
            access_code=self.access_code,
            promo_code=self.promo_code,
            client=client,
        )


class OrderItemOut(ResponseBody):
    """Tickets of one type, at the price they were ordered at."""

    ticket_type_id: TicketTypeId
    quantity: int
    unit_price: MoneyOut = Field(description="Of one ticket, after the discount.")
    unit_discount: MoneyOut
    attendees: list[str]


class OrderOut(ResponseBody):
    """An order."""

    id: OrderId
    event_id: EventId
    kind: OrderKind = Field(
        description="`online`: placed by its buyer; the organizer gave `complimentary` tickets "
        "away, and took the money of `cash` orders."
    )
    status: OrderStatus
    items: list[OrderItemOut]
    total: MoneyOut
    discount: MoneyOut
    placed_at: Moment
    hold_expires_at: Moment = Field(description="Until when the places are kept unpaid.")

    @classmethod
    def of(cls, order: Order) -> Self:
        money = money_in(order.currency)
        return cls.from_fields(
            order,
            items=[
                OrderItemOut.from_fields(
                    item,
                    unit_price=money(item.unit_price_minor),
                    unit_discount=money(item.unit_discount_minor),
                )
                for item in order.items
            ],
            discount=money(order.discount_minor),
            hold_expires_at=order.expires_at,
        )


class AttemptOut(ResponseBody):
    """One attempt to pay."""

    reference: str
    status: PaymentStatus
    authorization_url: str | None
    reason: str | None
    started_at: Moment


class StepOut(ResponseBody):
    """One step in the order's history."""

    from_status: OrderStatus | None
    to_status: OrderStatus
    actor: str = Field(description="Who took it: `user:7`, `buyer:7`, `paystack`, `clock`.")
    reason: str | None
    at: Moment


class OrderDetailOut(OrderOut):
    """An order with its payments, tickets, refunds and history."""

    payments: list[AttemptOut]
    ticket_ids: list[TicketId]
    refunds: list[RefundOut]
    history: list[StepOut]

    @classmethod
    def of_detail(cls, detail: OrderDetail, **more: Any) -> Self:
        return cls.from_fields(
            OrderOut.of(detail.order),
            detail,
            **more,
            ticket_ids=[ticket.id for ticket in detail.tickets],
            refunds=[RefundOut.of(listing) for listing in detail.refunds],
        )
