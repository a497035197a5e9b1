"""Things a test needs but is not about: valid by default, and each different from the last."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import count

from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.states import Role
from app.models.users import User
from app.routers.services import Services
from app.services.events import NewEvent
from app.services.payments import Returns
from app.services.settlement import Settlement
from tests.fakes import START

RETURNS = Returns("https://shop.test/payments/callback", "https://shop.test/cancelled")
PASSWORD = "correct horse battery"

_numbers = count(1)


@dataclass(frozen=True)
class Factory:
    """Makes things through the services, as the outside would."""

    services: Services

    def user(self, *, name: str | None = None, role: Role = Role.BUYER) -> User:
        name = name or f"user{next(_numbers)}"
        return self.services.users.register(
            email=f"{name}@example.com", username=name, password=PASSWORD, role=role
        )

    def event(
        self,
        *,
        title: str = "Lagos Jazz Night",
        price: str = "2500",
        capacity: int | None = 100,
        starts_at: datetime = START + timedelta(days=30),
        category: str | None = "Music",
        location: str = "Freedom Park, Lagos",
        description: str | None = None,
        organizer: User | None = None,
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
                time_zone="Africa/Lagos",
                currency="NGN",
                capacity=capacity,
            ),
        )

    def pay(self, buyer: User, event_id: EventId, *, quantity: int = 1) -> Settlement:
        """Hold places and open the payment."""
        return self.services.payments.pay(
            buyer=buyer, event_id=event_id, quantity=quantity, returns=RETURNS
        )

    def buy(self, buyer: User, event_id: EventId) -> Settlement:
        """Hold, pay and settle."""
        return self.services.settlement.settle(self.pay(buyer, event_id).payment.reference)

    def work(self) -> None:
        """Do what is due in the background until nothing is left."""
        while sum(job() for _, job in self.services.work.jobs):
            pass
