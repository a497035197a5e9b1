"""The simulator's magic addresses, seen by a buyer of the shop."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.programs.servers import Server, running_shop
from tests.steps.waiting import eventually
from tests.wiring.customers import Customer, create_event

pytestmark = pytest.mark.slow

# An outage in one test must not open the breaker for the next.
SETTINGS = {"PAYSTACK_BUDGET": "2", "PAYSTACK_FAILURES_TO_OPEN": "1000"}


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_shop(tmp_path_factory.mktemp("magic"), SETTINGS) as shop:
        yield shop


@pytest.fixture(scope="module")
def http(shop: Server) -> Iterator[httpx.Client]:
    with shop.client() as http:
        yield http


@pytest.fixture(scope="module")
def event_id(http: httpx.Client) -> int:
    return create_event(http)


def mails(buyer: Customer, shop: Server) -> list[str]:
    return buyer.mails(Path(shop.folder))


class TestPay:
    @pytest.mark.parametrize("name", ["outage", "outage500", "slow"])
    def test_is_unavailable_while_the_provider_is(
        self, http: httpx.Client, event_id: int, name: str
    ) -> None:
        buyer = Customer.register(http, name)

        answer = buyer.pay(event_id)

        assert answer.status_code == 503
        assert answer.json()["code"] == "payment-gateway-unavailable"
        assert int(answer.headers["retry-after"]) >= 1


class TestVerify:
    def test_tells_that_the_card_was_declined(self, http: httpx.Client, event_id: int) -> None:
        buyer = Customer.register(http, "declined")
        reference = buyer.pay(event_id).json()["reference"]

        answer = buyer.verify(reference)

        assert (answer.status_code, answer.json()["code"]) == (402, "payment-failed")
        assert buyer.payment(reference)["ticket_ids"] == []

    @pytest.mark.parametrize("name", ["checkout", "abandoned"])
    def test_tells_that_nobody_has_paid_yet(
        self, http: httpx.Client, event_id: int, name: str
    ) -> None:
        buyer = Customer.register(http, name)
        reference = buyer.pay(event_id).json()["reference"]

        answer = buyer.verify(reference)

        assert answer.status_code == 402
        assert buyer.payment(reference)["ticket_ids"] == []

    def test_pays_a_wrong_amount_back_and_says_so(
        self, http: httpx.Client, shop: Server, event_id: int
    ) -> None:
        buyer = Customer.register(http, "wrong-amount")
        reference = buyer.pay(event_id).json()["reference"]

        answer = buyer.verify(reference)

        assert (answer.status_code, answer.json()["code"]) == (409, "payment-refunded")
        (mail,) = eventually(lambda: mails(buyer, shop))
        assert "goes back to you" in mail

    def test_takes_the_fee_on_top_for_what_it_is(self, http: httpx.Client, event_id: int) -> None:
        buyer = Customer.register(http, "customer-fees")
        reference = buyer.pay(event_id).json()["reference"]

        assert buyer.verify(reference).status_code == 200
        assert buyer.payment(reference)["surplus"] == {"amount": 13_750, "currency": "NGN"}

    def test_needs_no_webhook(self, http: httpx.Client, event_id: int) -> None:
        buyer = Customer.register(http, "no-webhook")
        reference = buyer.pay(event_id).json()["reference"]

        assert buyer.verify(reference).status_code == 200


class TestWebhook:
    @pytest.mark.parametrize("name", ["webhook-twice", "webhook-first"])
    def test_brings_one_ticket_and_one_mail(
        self, http: httpx.Client, shop: Server, event_id: int, name: str
    ) -> None:
        buyer = Customer.register(http, name)
        reference = buyer.pay(event_id).json()["reference"]

        eventually(lambda: mails(buyer, shop))

        assert len(buyer.payment(reference)["ticket_ids"]) == 1
        assert buyer.verify(reference).status_code == 200
        assert len(mails(buyer, shop)) == 1
