"""Things a test needs but is not about: valid by default, and each different from the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from app.domain.ids import EventId, OrganizationId
from app.domain.listings import EventListing
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import Role
from app.http.services import Services
from app.models.orders.orders import Order
from app.models.users.users import User
from app.services.events.new_events import NewEvent
from app.services.events.ticket_types import NewTicketType
from app.services.payments.payments import Returns
from app.services.payments.settlement import Settlement
from tests.support.fakes import START

RETURNS = Returns("https://shop.test/payments/callback")
PASSWORD = "correct horse battery"

_numbers = count(1)


@dataclass(frozen=True)
class Factory:
    """Makes things through the services, as the outside would."""

    services: Services

    def user(self, *, name: str | None = None, role: Role = Role.BUYER) -> User:
        """A person whose address is confirmed, so that mail is about what they do."""
        name = name or f"user{next(_numbers)}"
        return self.services.users.register(
            email=f"{name}@example.com",
            username=name,
            password=PASSWORD,
            role=role,
            email_is_confirmed=True,
        )

    def event(
        self,
        *,
        title: str = "Lagos Jazz Night",
        price: str = "2500",
        currency: str = "NGN",
        capacity: int | None = 100,
        starts_at: datetime = START + timedelta(days=30),
        time_zone: str = "Africa/Lagos",
        category: str | None = "Music",
        location: str = "Freedom Park, Lagos",
        description: str | None = None,
        organizer: User | None = None,
        ticket_types: Sequence[NewTicketType] = (),
        shared_capacity: int | None = None,
        max_per_buyer: int | None = None,
        refund_hours: int | None = None,
        doors_open_at: datetime | None = None,
        ends_at: datetime | None = None,
        all_day: bool = False,
        reentry: bool = False,
        is_draft: bool = False,
        organization_id: OrganizationId | None = None,
    ) -> EventListing:
        return self.services.events.create(
            organizer=organizer,
            new=NewEvent(
                title=title,
                starts_at=starts_at,
                location=location,
                price=Decimal(price),
                category=category,
                description=description,
                time_zone=time_zone,
                currency=currency,
                capacity=capacity,
                ticket_types=ticket_types,
                shared_capacity=shared_capacity,
                max_per_buyer=max_per_buyer,
                refund_hours=refund_hours,
                doors_open_at=doors_open_at,
                ends_at=ends_at,
                all_day=all_day,
                reentry=reentry,
                is_draft=is_draft,
                organization_id=organization_id,
            ),
        )

    def whole_days(
        self, *, title: str = "Lagos Jazz Days", organizer: User | None = None
    ) -> EventListing:
        """From 4 to 6 December 2030, in Lagos."""
        return self.event(
            title=title,
            organizer=organizer,
            starts_at=datetime(2030, 12, 3, 23, tzinfo=UTC),
            ends_at=datetime(2030, 12, 6, 23, tzinfo=UTC),
            all_day=True,
        )

    def order_request(
        self, event_id: EventId, *, quantity: int = 1, promo_code: str | None = None
    ) -> OrderRequest:
        """So many places of the event's first ticket type."""
        first = self.services.events.get(event_id).ticket_types[0]
        return OrderRequest(
            event_id=event_id,
            items=[RequestedItem(ticket_type_id=first.id, quantity=quantity)],
            promo_code=promo_code,
        )

    def order(
        self, buyer: User, event_id: EventId, *, quantity: int = 1, promo_code: str | None = None
    ) -> Order:
        """Hold places to be paid for later."""
        order_request = self.order_request(event_id, quantity=quantity, promo_code=promo_code)
        return self.services.orders.place(buyer=buyer, order_request=order_request).order

    def pay_order(self, buyer: User, order: Order) -> Settlement:
        """Open a payment of an order, or be handed the one that is open."""
        return self.services.payments.pay_order(buyer=buyer, order_id=order.id, returns=RETURNS)

    def pay(self, buyer: User, event_id: EventId, *, quantity: int = 1) -> Settlement:
        """Hold places and open the payment."""
        order_request = (
            self.order_request(event_id, quantity=quantity)
            if quantity > 1
            else OrderRequest(event_id=event_id)
        )
        return self.services.payments.pay(buyer=buyer, order_request=order_request, returns=RETURNS)

    def buy(self, buyer: User, event_id: EventId, *, quantity: int = 1) -> Settlement:
        """Hold, pay and settle."""
        opened = self.pay(buyer, event_id, quantity=quantity)
        return self.services.settlement.settle(opened.payment.reference)

    def work(self) -> None:
        """Do what is due in the background until nothing is left."""
        while sum(job() for _, job in self.services.work.jobs):
            pass
