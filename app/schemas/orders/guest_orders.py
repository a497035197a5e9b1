from typing import Self

from pydantic import ConfigDict, Field

from app.domain.ids import TicketId, TicketTypeId
from app.domain.languages import Language
from app.domain.tickets.ticket_states import TicketState
from app.schemas.base import ResponseBody
from app.schemas.orders.orders import OrderCreate, OrderOut
from app.schemas.people import Email, FullName
from app.services.payments.order_pages import LinkedOrder, OrderTicket
from app.services.users.guests import Guest


class CheckoutCreate(OrderCreate):
    """The tickets wanted, all or none of them, and who wants them."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"event_id": 1, "name": "Ada Obi", "email": "ada@example.com"}]
        }
    )

    name: FullName = Field(
        description="Of the buyer; also of tickets whose item names no other attendee."
    )
    email: Email = Field(description="Where tickets are sent. No account is needed.")
    language: Language | None = Field(
        strict=False,
        default=None,
        description="What its mails and tickets are in: `en` or `fr`. Default: as for the last "
        "order with this address, else the shop's.",
    )

    @property
    def guest(self) -> Guest:
        """Who buys."""
        return Guest(name=self.name, email=self.email, language=self.language)


class CheckoutTicketOut(ResponseBody):
    """A ticket of the order."""

    id: TicketId
    ticket_type_id: TicketTypeId
    attendee_name: str | None
    state: TicketState
    url: str | None = Field(
        description="The ticket's page with its QR code; `null` once it was transferred or issued "
        "again."
    )

    @classmethod
    def of(cls, shown: OrderTicket, *, public_url: str) -> Self:
        ticket = shown.ticket
        return cls.from_fields(
            shown,
            ticket,
            attendee_name=ticket.attendee_name if shown.is_own else None,
            url=f"{public_url}/t/{ticket.link_key}" if shown.is_shown else None,
        )


class CheckoutOut(OrderOut):
    """An order placed without a login, and how it is paid for."""

    token: str = Field(description="The secret of `order_url`; everyone who has it has the order.")
    order_url: str = Field(
        description="The order's page: to pay again, transfer tickets, and refund them."
    )
    reference: str | None = Field(description="Of the latest attempt to pay.")
    authorization_url: str | None = Field(
        description="Where the buyer pays; `null` when there is nothing to pay, or Paystack did "
        "not answer: then ask for it with `POST /checkout/{token}/pay`."
    )
    tickets: list[CheckoutTicketOut] = Field(description="Once it is paid.")

    @classmethod
    def of_linked(cls, shown: LinkedOrder, *, public_url: str) -> Self:
        return cls.from_fields(
            OrderOut.of(shown.order),
            shown,
            order_url=f"{public_url}/o/{shown.token}",
            reference=shown.payment.reference if shown.payment else None,
            authorization_url=shown.pay_url,
            tickets=[
                CheckoutTicketOut.of(ticket, public_url=public_url) for ticket in shown.tickets
            ],
        )
