"""The shop with the provider's simulator as its provider, in this process, on one fake clock.

Nothing moves but when a test says so: the simulator's webhooks are posted, and the shop's work is
done, in `SimulatedShop.move_on`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import httpx

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.config import Settings
from app.domain.states import PaymentStatus, RefundState, Role
from app.http.services import Services
from app.models.users.users import User
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock
from app.repositories.payments.refund_listings import RefundListing
from app.services.payments.settlement import Settlement
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.support.factories import Factory
from tests.support.fakes import FakeClock
from tests.support.provider_books import provider_books

KEY: Final = "sk_test_simulated_shop"


class Webhooks(httpx.BaseTransport):
    """The wire from the simulator to the shop; keeps what was posted, in order."""

    def __init__(self) -> None:
        self.shop: httpx.BaseTransport = httpx.MockTransport(lambda _: httpx.Response(503))
        self.posted: list[dict[str, Any]] = []
        self.are_lost = False
        """The shop hears of nothing while it is set."""

    @property
    def names(self) -> list[str]:
        """The events that were posted."""
        return [message["event"] for message in self.posted]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.posted.append(httpx.Response(200, content=request.content).json())
        return httpx.Response(200) if self.are_lost else self.shop.handle_request(request)

    def close(self) -> None:
        self.shop.close()


@dataclass
class SimulatedShop:
    """The services of a shop and, as ``http``, its way to the simulator."""

    services: Services
    make: Factory
    mock: PaystackMock
    webhooks: Webhooks
    http: httpx.Client
    clock: FakeClock
    store: Path

    def move_on(self, by: timedelta = timedelta(0)) -> None:
        """Let time go by, post the webhooks that are due, and do the shop's work."""
        self.clock.advance(by)
        self.mock.deliver_due()
        self.make.work()

    def violations(self) -> list[str]:
        """What the auditor finds wrong here, or beside the simulator's books."""
        found = self.services.audit.violations(provider=provider_books(self.store))
        return [str(violation) for violation in found]


@dataclass(frozen=True)
class Sale:
    """A buyer at the simulated shop, and the organizer who sells to them."""

    shop: SimulatedShop
    organizer: User
    buyer: User
    opened: Settlement

    @classmethod
    def to(cls, shop: SimulatedShop, name: str) -> "Sale":
        """Let a buyer pay whose address begins with ``name``, which the simulator goes by."""
        organizer, buyer = shop.make.user(role=Role.ORGANIZER), shop.make.user(name=name)
        return cls(
            shop, organizer, buyer, shop.make.pay(buyer, shop.make.event(organizer=organizer).id)
        )

    def verify(self) -> Settlement:
        """Ask how the payment stands, as its buyer."""
        return self.shop.services.settlement.look_up(
            self.opened.payment.reference, buyer_id=self.buyer.id
        )

    @property
    def known(self) -> Settlement:
        """How the payment stands, without asking the provider."""
        return self.shop.services.settlement.outcome(self.opened.payment.reference)

    @property
    def status(self) -> PaymentStatus:
        return self.known.payment.status

    def refund(self) -> None:
        """Once the shop has heard of the payment, pay it back: the provider is asked to."""
        self.shop.move_on()
        self.shop.services.refund_requests.request_refund(
            caller=self.organizer, order_id=self.opened.order.id
        )
        self.shop.make.work()

    def pay_by_hand(self) -> None:
        """Close a refund that got stuck, so that the auditor has no more to say of it."""
        self.shop.services.refund_desk.mark_done(
            caller=self.organizer, refund_id=self.refunded.refund.id, note="bank transfer"
        )

    @property
    def refunded(self) -> RefundListing:
        """The only refund of the order."""
        (listing,) = self.shop.services.refund_desk.of_order(
            caller=self.organizer, order_id=self.opened.order.id
        )
        return listing

    @property
    def refund_state(self) -> RefundState:
        return self.refunded.refund.state


@contextmanager
def simulated_shop(
    outside: Adapters, settings: Settings, clock: FakeClock, store: Path
) -> Iterator[SimulatedShop]:
    """A shop like ``outside``'s, but with the simulator as its provider."""
    webhooks = Webhooks()
    mock = PaystackMock(
        MockSettings(store=store, webhook_url="http://shop.internal/payments/webhook"),
        webhook_client=httpx.Client(transport=webhooks),
        clock=clock.now,
    )
    bulkhead = Bulkhead(breaker=Breaker(name="simulator", opens_after=1000), max_in_flight=2)
    http = open_http("http://simulator.test", max_in_flight=2, transport=InProcess(mock.app))
    gateway = PaystackGateway(http=http, bulkhead=bulkhead, secret_key=KEY, clock=clock)
    services = build_services(replace(outside, gateway=gateway, bulkhead=bulkhead), settings)
    webhooks.shop = InProcess(app_of(parts_of(services, outside)))
    try:
        yield SimulatedShop(services, Factory(services), mock, webhooks, http, clock, store)
    finally:
        http.close()
        webhooks.close()
