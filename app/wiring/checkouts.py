"""What buyers use who do not log in."""

from dataclasses import dataclass

from app.config import Settings
from app.services.orders.guest_waits import GuestWaitService
from app.services.orders.orders import OrderService
from app.services.orders.waiting import WaitingService
from app.services.payments.checkouts import CheckoutService
from app.services.payments.order_links import OrderLinks, OrderLinkService
from app.services.payments.order_pages import OrderPageService
from app.services.payments.payments import PaymentService
from app.services.payments.refund_requests import RefundRequestService
from app.services.tickets.transfers import TransferService
from app.services.users.guests import GuestLimit
from app.wiring.adapters import Adapters
from app.wiring.limits import checkout_limit


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckoutServices:
    """Placing an order without a login, its page, and what its link does."""

    checkouts: CheckoutService
    pages: OrderPageService
    links: OrderLinkService
    waits: GuestWaitService


def build_checkouts(
    outside: Adapters,
    settings: Settings,
    *,
    payments: PaymentService,
    orders: OrderService,
    refunds: RefundRequestService,
    transfers: TransferService,
    waiting: WaitingService,
) -> CheckoutServices:
    database, clock, links = outside.database, outside.clock, OrderLinks(outside.links)
    limit = GuestLimit(database=database, clock=clock, limit=checkout_limit(settings))
    return CheckoutServices(
        checkouts=CheckoutService(
            database=database,
            clock=clock,
            ids=outside.ids,
            links=links,
            payments=payments,
            limit=limit,
        ),
        waits=GuestWaitService(
            database=database,
            clock=clock,
            ids=outside.ids,
            links=outside.links,
            waiting=waiting,
            limit=limit,
            signal=outside.signal,
        ),
        pages=OrderPageService(database=database, clock=clock, links=links),
        links=OrderLinkService(
            database=database,
            clock=clock,
            links=links,
            payments=payments,
            orders=orders,
            refunds=refunds,
            transfers=transfers,
        ),
    )
