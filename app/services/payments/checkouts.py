"""Checkout: buying without an account, by name and e-mail address."""

from dataclasses import dataclass, replace

from app.domain.errors import PaymentGatewayUnavailable
from app.domain.ids import OrderId
from app.domain.orders.order_requests import OrderRequest
from app.domain.ports import Clock, IdGenerator
from app.repositories.database import Database
from app.services.operations.idempotency import Progress
from app.services.payments.order_links import OrderLinks
from app.services.payments.payments import PaymentService, Returns
from app.services.payments.settlement import Settlement
from app.services.users.guests import Guest, GuestLimit, guest_row


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutService:
    database: Database
    clock: Clock
    ids: IdGenerator
    links: OrderLinks
    payments: PaymentService
    limit: GuestLimit

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
            EventNotFound: and all else ``OrderPlacement.place`` refuses.
            ChargeRefused: Paystack said no; the places are back on sale.
            PaymentGatewayUnavailable: Paystack was not reached; nothing is held.
        """
        self.limit.count(order_request.client)
        try:
            order = self._pay(guest, order_request, returns, progress).order
        except PaymentGatewayUnavailable as error:
            held = error.facts.get("order_id")
            if not isinstance(held, int):
                raise
            with self.database.reading() as work:
                order = work.orders.get(OrderId(held))
        return self.links.at_checkout(order)

    def _pay(
        self,
        guest: Guest,
        order_request: OrderRequest,
        returns: Returns,
        progress: Progress | None,
    ) -> Settlement:
        """Pay for a new order, or for the one that an earlier try of the same call placed.

        Anyone can type an address, so an order that waits already is not shown to a caller who asks
        for the same again: each request is an order of its own.
        """
        if progress is not None and progress.order_id is not None:
            with self.database.reading() as work:
                buyer = work.users.get(work.orders.get(progress.order_id).buyer_id)
            return self.payments.pay_order(buyer=buyer, order_id=progress.order_id, returns=returns)
        now = self.clock.now()
        return self.payments.pay_new(
            lambda work: guest_row(work, guest, ids=self.ids, now=now),
            order_request=replace(order_request, buyer_name=guest.name, language=guest.language),
            returns=returns,
            progress=progress,
        )
