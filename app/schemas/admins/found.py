from enum import StrEnum
from typing import Any, Self

from pydantic import Field

from app.domain.ids import EventId, OrderId, PaymentId, TicketId, TicketTypeId, UserId
from app.domain.paging import Page
from app.domain.states import PaymentStatus, TicketStatus
from app.models.users.users import User
from app.repositories.admins.searches import FoundOrder, FoundPayment, FoundTicket
from app.schemas.admins.people import PersonOut
from app.schemas.base import Moment, ResponseBody
from app.schemas.operations.messages import MessageOut
from app.schemas.orders.event_orders import EventOrderOut
from app.schemas.orders.orders import OrderOut
from app.schemas.payments.payments import MoneyOut
from app.services.admins.searches import Found


class FoundOrderOut(EventOrderOut):
    """An order of whatever event, and who placed it."""

    event_title: str

    @classmethod
    def of_found(cls, found: FoundOrder) -> Self:
        return cls.from_fields(
            OrderOut.of(found.order),
            **_buyer(found.buyer),
            full_name=found.order.buyer_name or found.buyer.full_name,
            event_title=found.event.title,
        )


class FoundPaymentOut(ResponseBody):
    """A payment of whatever order, and who pays."""

    id: PaymentId
    reference: str
    paystack_id: str | None = Field(
        description="Its number on Paystack's dashboard, once it is settled.",
        examples=["4099260516"],
    )
    status: PaymentStatus
    amount: MoneyOut
    reason: str | None
    started_at: Moment
    order_id: OrderId
    event_id: EventId
    event_title: str
    buyer_id: UserId
    username: str
    email: str

    @classmethod
    def of_found(cls, found: FoundPayment) -> Self:
        payment = found.payment
        return cls.from_fields(
            payment,
            **_buyer(found.buyer),
            paystack_id=payment.transaction_id,
            event_title=found.event.title,
        )


class FoundTicketOut(ResponseBody):
    """A ticket of whatever event, and whose it is."""

    id: TicketId
    short_code: str
    number: int = Field(description="In its order, from 1.")
    status: TicketStatus
    used_at: Moment | None
    revoked_at: Moment | None
    attendee_name: str | None
    order_id: OrderId
    event_id: EventId
    event_title: str
    ticket_type_id: TicketTypeId
    user_id: UserId = Field(description="The account of its holder.")
    username: str
    email: str

    @classmethod
    def of_found(cls, found: FoundTicket) -> Self:
        return cls.from_fields(
            found.ticket,
            found.holder,
            short_code=found.ticket.code,
            event_title=found.event.title,
        )


class FoundEventOut(ResponseBody):
    """An event; its orders are at `GET /events/{event_id}/orders`."""

    id: EventId
    title: str
    location: str
    starts_at: Moment
    all_day: bool = Field(description="Whether it lasts whole days of `time_zone`: show days.")
    time_zone: str
    cancelled_at: Moment | None


class FoundKind(StrEnum):
    """Kinds of what is found, named as the lists below `/admin`."""

    PEOPLE = "people"
    ORDERS = "orders"
    PAYMENTS = "payments"
    TICKETS = "tickets"
    MAILS = "mails"


class AdminSearchOut(ResponseBody):
    """The first five of each kind that the words may stand for, the newest first."""

    people: list[PersonOut]
    orders: list[FoundOrderOut]
    payments: list[FoundPaymentOut]
    tickets: list[FoundTicketOut]
    mails: list[MessageOut]
    events: list[FoundEventOut]
    more: list[FoundKind] = Field(
        description="Kinds of which there are more; `GET /admin/people` and the like list all."
    )

    @classmethod
    def of(cls, found: Found) -> Self:
        pages: dict[FoundKind, Page[Any]] = {
            FoundKind.PEOPLE: found.people,
            FoundKind.ORDERS: found.orders,
            FoundKind.PAYMENTS: found.payments,
            FoundKind.TICKETS: found.tickets,
            FoundKind.MAILS: found.mails,
        }
        return cls(
            people=found.people.items,
            orders=[FoundOrderOut.of_found(each) for each in found.orders.items],
            payments=[FoundPaymentOut.of_found(each) for each in found.payments.items],
            tickets=[FoundTicketOut.of_found(each) for each in found.tickets.items],
            mails=[MessageOut.of(each) for each in found.mails.items],
            events=found.events,
            more=[kind for kind, page in pages.items() if page.next is not None],
        )


def _buyer(buyer: User) -> dict[str, object]:
    return {"buyer_id": buyer.id, "username": buyer.username, "email": buyer.email}
