"""Every fault of the provider at every call, to the end: what the caller hears, and what follows.

The provider is the simulator behind a wire of our own on this machine, which breaks as told. The
shop that meets the fault and the one that works on afterwards share the database.
"""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.clients.paystack.bulkhead import Breaker, Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.config import Settings
from app.domain.errors import ChargeRefused, PaymentGatewayUnavailable
from app.domain.ids import EventId, RefundId
from app.domain.ports import RefundStatus
from app.domain.states import OrderStatus, RefundState, Role
from app.http.services import Services
from app.models.users.users import User
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock
from app.repositories.database import Database
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.programs.faulty_wire import AFTER_THE_REQUEST, FAULTS, REFUSALS, Wire
from tests.programs.in_process import InProcess
from tests.programs.loopback import Loopback
from tests.steps.desks import send_failed_again
from tests.support.factories import Factory
from tests.support.fakes import FakeClock
from tests.support.provider_books import provider_books

KEY = "sk_test_0123456789abcdef"
ENDLESS = ("connect time-out", "read time-out", "slow drip")
"""Faults that last as long as the caller waits."""

LITTLE, PLENTY = timedelta(seconds=0.7), timedelta(seconds=20)
pytestmark = pytest.mark.slow

FINAL = ("400", "404")
"""What Paystack says when it understood, and will not refund."""


class Troubled:
    """The shop whose calls meet a fault, and the same shop when it is over."""

    def __init__(
        self, outside: Adapters, settings: Settings, clock: FakeClock, folder: Path
    ) -> None:
        self._stack = ExitStack()
        self._outside, self._settings, self._clock = outside, settings, clock
        self._store = folder / "mock.sqlite3"
        self.mock = PaystackMock(MockSettings(store=self._store, webhook_url=None), clock=clock.now)
        self._wire = Wire(self.mock)
        self._server = Loopback(self._wire.script)
        sound = InProcess(self.mock.app)
        self.sound = self._shop("http://paystack.test", transport=sound)

    def meets(self, fault: str, *, loses_answers_of: str = "") -> Services:
        """The shop while the fault lasts."""
        budget = LITTLE if fault in ENDLESS else PLENTY
        if fault in AFTER_THE_REQUEST or fault in REFUSALS:
            script = (AFTER_THE_REQUEST | REFUSALS)[fault]
            self._wire.breaks(script, loses_answers_of=loses_answers_of)
            return self._shop(self._server.url, budget=budget)
        if fault == "TLS error":
            return self._shop(self._server.url.replace("http:", "https:"))
        nobody = self._nobody_listens(accepts=fault == "connect time-out")
        return self._shop(nobody, budget=budget)

    def is_over(self) -> None:
        """Let half an hour pass in which everything works."""
        for _ in range(6):
            self._clock.advance(timedelta(minutes=5))
            self.mock.deliver_due()
            Factory(self.sound).work()

    def refunds(self) -> list[RefundStatus]:
        """How the refunds stand that the provider knows of."""
        return [refund.status for refund in provider_books(self._store).refunds]

    def ensure_clean(self) -> None:
        """Our books are right, and fit the provider's."""
        found = self.sound.audit.violations(provider=provider_books(self._store))
        assert [str(violation) for violation in found] == []

    def close(self) -> None:
        self._server.stop()
        self._stack.close()
        self._wire.close()

    def _shop(
        self,
        url: str,
        *,
        transport: httpx.BaseTransport | None = None,
        budget: timedelta = PLENTY,
    ) -> Services:
        bulkhead = Bulkhead(breaker=Breaker(name="paystack", opens_after=100), budget=budget)
        http = self._stack.enter_context(open_http(url, max_in_flight=4, transport=transport))
        gateway = PaystackGateway(http=http, bulkhead=bulkhead, secret_key=KEY, clock=self._clock)
        outside = replace(self._outside, gateway=gateway, bulkhead=bulkhead)
        return build_services(outside, self._settings)

    def _nobody_listens(self, *, accepts: bool) -> str:
        """An address where a connection is refused, or begun and never made."""
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        address = listener.getsockname()
        if accepts:
            self._stack.enter_context(listener)
            listener.listen(0)
            # The only place in the line is taken; whoever comes now is not even answered.
            self._stack.enter_context(socket.create_connection(address, timeout=1))
        else:
            listener.close()
        return f"http://127.0.0.1:{address[1]}"


@pytest.fixture
def troubled(
    outside: Adapters, settings: Settings, clock: FakeClock, tmp_path: Path
) -> Iterator[Troubled]:
    with closing(Troubled(outside, settings, clock, tmp_path)) as shop:
        yield shop
        shop.ensure_clean()


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada", role=Role.ORGANIZER)


@pytest.fixture
def event_id(make: Factory, ada: User) -> EventId:
    return make.event(organizer=ada, capacity=1).id


class TestInitialize:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_that_fails_gives_the_place_back(
        self, troubled: Troubled, ada: User, event_id: EventId, fault: str
    ) -> None:
        with pytest.raises((PaymentGatewayUnavailable, ChargeRefused)):
            Factory(troubled.meets(fault)).pay(ada, event_id)
        troubled.is_over()

        assert order_of(troubled, ada) == OrderStatus.EXPIRED
        assert len(Factory(troubled.sound).buy(ada, event_id).tickets) == 1

    @pytest.mark.parametrize("fault", AFTER_THE_REQUEST)
    def test_that_worked_unheard_of_is_found_out(
        self, troubled: Troubled, ada: User, event_id: EventId, fault: str
    ) -> None:
        with pytest.raises(PaymentGatewayUnavailable):
            Factory(troubled.meets(fault, loses_answers_of="POST")).pay(ada, event_id)
        troubled.is_over()

        assert order_of(troubled, ada) == OrderStatus.PAID


class TestVerify:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_that_fails_is_made_again(
        self, troubled: Troubled, ada: User, event_id: EventId, fault: str
    ) -> None:
        opened = Factory(troubled.sound).pay(ada, event_id).payment

        with pytest.raises(PaymentGatewayUnavailable):
            troubled.meets(fault).settlement.settle(opened.reference)
        assert order_of(troubled, ada) == OrderStatus.PENDING
        troubled.is_over()

        assert order_of(troubled, ada) == OrderStatus.PAID


class TestRefund:
    @pytest.mark.parametrize("fault", [fault for fault in FAULTS if fault not in FINAL])
    def test_that_fails_is_made_once(
        self, troubled: Troubled, ada: User, event_id: EventId, fault: str
    ) -> None:
        request_refund(troubled, ada, event_id)

        dict(troubled.meets(fault).work.jobs)["refunds"]()
        assert troubled.refunds() == []
        troubled.is_over()

        assert troubled.refunds() == [RefundStatus.PROCESSED]
        assert order_of(troubled, ada) == OrderStatus.REFUNDED

    @pytest.mark.parametrize("fault", FINAL)
    def test_that_is_refused_is_left_to_a_person(
        self, troubled: Troubled, database: Database, ada: User, event_id: EventId, fault: str
    ) -> None:
        request_refund(troubled, ada, event_id)

        dict(troubled.meets(fault).work.jobs)["refunds"]()
        troubled.is_over()

        with database.reading() as work:
            refund = work.refunds.get(RefundId(1))
        assert refund.state == RefundState.FAILED
        assert "Not now" in (refund.last_error or "")
        assert troubled.refunds() == []
        send_failed_again(troubled.sound, ada)
        troubled.is_over()
        assert troubled.refunds() == [RefundStatus.PROCESSED]

    @pytest.mark.parametrize("fault", AFTER_THE_REQUEST)
    def test_that_worked_unheard_of_is_not_made_again(
        self, troubled: Troubled, ada: User, event_id: EventId, fault: str
    ) -> None:
        request_refund(troubled, ada, event_id)

        dict(troubled.meets(fault, loses_answers_of="POST").work.jobs)["refunds"]()
        assert len(troubled.refunds()) == 1
        troubled.is_over()

        assert troubled.refunds() == [RefundStatus.PROCESSED]


def order_of(troubled: Troubled, buyer: User) -> OrderStatus:
    """How the buyer's only order stands."""
    (order,) = troubled.sound.orders.page(buyer_id=buyer.id, after=None, limit=10).items
    return order.status


def request_refund(troubled: Troubled, buyer: User, event_id: EventId) -> None:
    """Buy a ticket and give it back; the provider hears of the refund later."""
    bought = Factory(troubled.sound).buy(buyer, event_id)
    troubled.sound.refund_requests.request_refund(
        order_id=bought.order.id, caller=buyer, ticket_ids=None, reason="cannot come"
    )
