"""Guests who buy."""

from app.domain.ids import EventId
from app.domain.orders.order_requests import OrderRequest
from app.http.services import Services
from app.services.payments.order_pages import LinkedOrder
from app.services.users.guests import Guest
from tests.support.factories import RETURNS, Factory

ADA = Guest(name="Ada Obi", email="ada@example.com")


class Shopper:
    """Checks out as a guest, and opens the page of the order."""

    def __init__(self, services: Services, make: Factory) -> None:
        self._services = services
        self._make = make

    def __call__(
        self,
        event_id: EventId,
        *,
        guest: Guest = ADA,
        quantity: int = 1,
        order_request: OrderRequest | None = None,
    ) -> LinkedOrder:
        token = self._services.checkouts.check_out(
            guest=guest,
            order_request=order_request or self._make.order_request(event_id, quantity=quantity),
            returns=RETURNS,
        )
        return self._services.order_pages.look(token=token)

    def bought(self, event_id: EventId, *, quantity: int = 1) -> LinkedOrder:
        """Paid and settled."""
        opened = self(event_id, quantity=quantity)
        assert opened.payment is not None
        self._services.settlement.settle(opened.payment.reference)
        return self._services.order_pages.look(token=opened.token)
