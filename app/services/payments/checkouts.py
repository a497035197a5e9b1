"""Checkout: buying without an account, by name and e-mail address."""

from dataclasses import replace

from app.domain.errors import PaymentGatewayUnavailable, TooManyCheckouts
from app.domain.ids import OrderId
from app.domain.ports import Clock
from app.domain.users.attempts import AttemptLimit, ClientAddress
from app.repositories.database import Database
from app.services.operations.idempotency import Progress
from app.services.orders.order_requests import OrderRequest
from app.services.payments.order_links import OrderLinks
from app.services.payments.payments import PaymentService, Returns
from app.services.users.guests import Guest


class CheckoutService:
    """Places orders of guests and opens their payments."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        links: OrderLinks,
        payments: PaymentService,
        limit: AttemptLimit,
    ) -> None:
        self._database = database
        self._clock = clock
        self._links = links
        self._payments = payments
        self._limit = limit

    def check_out(
        self,
        *,
        guest: Guest,
        order_request: OrderRequest,
        returns: Returns,
        progress: Progress | None = None,
    ) -> str:
        """Hold places for a guest, and open a page where they are paid for; free ones are sold.

        Returns the secret of the link to the order, which tells how it stands. Places that name no
        attendee are in the guest's name. If Paystack was reached and did not answer, the places
        stay held and the payment has no page yet: the order is paid for by its link.

        Raises:
            TooManyCheckouts: from this network; see ``ClientAddress.counters``.
            AccountDisabled: an admin disabled the guest.
            EventNotFound: and all else ``OrderSteps.place`` refuses.
            ChargeRefused: Paystack said no; the places are back on sale.
            PaymentGatewayUnavailable: Paystack was not reached; nothing is held.
        """
        self._count(order_request.client)
        try:
            order = self._payments.pay_as_guest(
                guest=guest,
                order_request=replace(order_request, buyer_name=guest.name),
                returns=returns,
                progress=progress,
            ).order
        except PaymentGatewayUnavailable as error:
            held = error.facts.get("order_id")
            if not isinstance(held, int):
                raise
            with self._database.reading() as work:
                order = work.orders.get(OrderId(held))
        return self._links.at_checkout(order)

    def _count(self, client: ClientAddress) -> None:
        counters = client.counters("checkout", self._limit)
        if not counters:
            return
        with self._database.writing() as work:
            wait = work.attempts.count(counters, now=self._clock.now())
            if wait is not None:
                raise TooManyCheckouts(wait)
