from collections.abc import Iterator
from pathlib import Path

import pytest

from app.clients.paystack.bulkhead import Bulkhead
from app.clients.paystack.gateway import PaystackGateway, open_http
from app.domain.errors import ChargeRefused, RefundRefused
from app.domain.money import Money
from app.domain.ports import ChargeStatus
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock
from tests.clients.conftest import KEY, PRICE, StoppedClock, refund, start_charge
from tests.programs.in_process import InProcess


@pytest.fixture
def simulated(bulkhead: Bulkhead, tmp_path: Path) -> Iterator[PaystackGateway]:
    """A gateway to the simulator, whose buyers pay at once."""
    mock = PaystackMock(MockSettings(store=tmp_path / "mock.sqlite3", webhook_url=None))
    transport = InProcess(mock.app)
    with open_http("http://paystack.example", max_in_flight=2, transport=transport) as http:
        yield PaystackGateway(http=http, bulkhead=bulkhead, secret_key=KEY, clock=StoppedClock())


class TestSimulator:
    def test_opens_a_charge_that_is_paid(self, simulated: PaystackGateway) -> None:
        page = start_charge(simulated)

        report = simulated.find_charge("TCK-1")

        assert page.startswith("http")
        assert (report.status, report.amount) == (ChargeStatus.PAID, PRICE)

    def test_takes_a_reference_only_once(self, simulated: PaystackGateway) -> None:
        start_charge(simulated)

        with pytest.raises(ChargeRefused, match="Duplicate"):
            start_charge(simulated)

    def test_does_not_know_other_references(self, simulated: PaystackGateway) -> None:
        assert simulated.find_charge("TCK-2").status is ChargeStatus.UNKNOWN

    def test_lists_what_it_refunded(self, simulated: PaystackGateway) -> None:
        start_charge(simulated)
        paid = simulated.find_charge("TCK-1")
        assert paid.transaction_id is not None
        charge = {"reference": "TCK-1", "transaction_id": paid.transaction_id}
        assert simulated.list_refunds(**charge) == []

        made = simulated.refund(**charge, amount=Money(100_000, "NGN"), note="refund 7")

        assert simulated.list_refunds(**charge) == [made]
        assert simulated.find_refund(made.id) == made
        assert simulated.find_charge("TCK-1").status is ChargeStatus.REVERSED

    def test_refuses_to_refund_what_was_never_paid(self, simulated: PaystackGateway) -> None:
        with pytest.raises(RefundRefused):
            refund(simulated)
