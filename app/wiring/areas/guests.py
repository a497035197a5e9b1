"""The services of buyers who do not log in."""

from app.config import Settings
from app.http.services import GuestServices, OrderServices, PaymentServices, TicketServices
from app.services.orders.guest_waits import GuestWaitService
from app.services.payments.checkouts import CheckoutService
from app.services.payments.order_links import OrderLinks, OrderLinkService
from app.services.payments.order_pages import OrderPageService
from app.services.users.guests import GuestLimit
from app.wiring.adapters import Adapters
from app.wiring.areas.limits import checkout_limit


def guest_services(
    outside: Adapters,
    settings: Settings,
    *,
    orders: OrderServices,
    payments: PaymentServices,
    tickets: TicketServices,
) -> GuestServices:
    """Placing an order without a login, its page, and what its link does."""
    database, clock, links = outside.database, outside.clock, OrderLinks(outside.links)
    limit = GuestLimit(database=database, clock=clock, limit=checkout_limit(settings))
    return GuestServices(
        checkouts=CheckoutService(
            database=database,
            clock=clock,
            ids=outside.ids,
            links=links,
            payments=payments.payments,
            limit=limit,
        ),
        order_pages=OrderPageService(database=database, clock=clock, links=links),
        order_links=OrderLinkService(
            database=database,
            clock=clock,
            links=links,
            payments=payments.payments,
            orders=orders.orders,
            refunds=payments.refund_requests,
            transfers=tickets.transfers,
        ),
        guest_waits=GuestWaitService(
            database=database,
            clock=clock,
            ids=outside.ids,
            links=outside.links,
            waiting=orders.waiting,
            limit=limit,
            signal=outside.signal,
        ),
    )
