"""The shop with its client pointed at the simulator in a process of its own."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.programs.servers import Server, free_port, running_mock, running_shop
from tests.steps.waiting import eventually
from tests.wiring.customers import Customer, create_event

pytestmark = pytest.mark.slow

KEY = "sk_test_shared_by_shop_and_simulator"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Server, Server]]:
    """The shop and the simulator, each knowing the other's address."""
    port = free_port()
    mock_settings = {
        "PAYSTACK_SECRET_KEY": KEY,
        "PAYSTACK_MOCK_WEBHOOK_URL": f"http://127.0.0.1:{port}/payments/webhook",
    }
    with running_mock(tmp_path_factory.mktemp("mock"), mock_settings) as mock:
        shop_settings = {"PAYSTACK_SECRET_KEY": KEY, "PAYSTACK_BASE_URL": mock.url}
        folder = tmp_path_factory.mktemp("shop")
        with running_shop(folder, shop_settings, port=port) as shop:
            yield shop, mock


@pytest.fixture(scope="module")
def http(servers: tuple[Server, Server]) -> Iterator[httpx.Client]:
    with servers[0].client() as http:
        yield http


class TestPay:
    def test_leads_to_the_simulators_own_address(
        self, http: httpx.Client, servers: tuple[Server, Server]
    ) -> None:
        opened = Customer.register(http, "ada").pay(create_event(http)).json()

        address = urlsplit(opened["authorization_url"])

        assert f"{address.scheme}://{address.netloc}" == servers[1].url
        with servers[1].client() as browser:
            assert browser.get(address.path).status_code == 200

    def test_ends_in_a_ticket_by_the_webhook_alone(
        self, http: httpx.Client, servers: tuple[Server, Server]
    ) -> None:
        buyer = Customer.register(http, "bola")
        reference = buyer.pay(create_event(http)).json()["reference"]

        eventually(lambda: buyer.payment(reference)["ticket_id"])

        assert "/payments/webhook" in servers[0].log
        assert eventually(lambda: len(buyer.mails(Path(servers[0].folder)))) == 1

    def test_follows_a_refund_to_its_end(
        self, http: httpx.Client, servers: tuple[Server, Server]
    ) -> None:
        buyer = Customer.register(http, "wrong-amount")
        reference = buyer.pay(create_event(http)).json()["reference"]

        assert buyer.verify(reference).status_code == 409

        with servers[1].client() as provider:
            refunds = eventually(
                lambda: [
                    refund["status"]
                    for refund in provider.get(
                        "/refund", headers={"Authorization": f"Bearer {KEY}"}
                    ).json()["data"]
                    if refund["status"] == "processed"
                ]
            )
        assert refunds == ["processed"]


class TestSettings:
    def test_keep_the_simulator_out_of_the_shop(self, http: httpx.Client) -> None:
        assert http.get("/paystack-mock/").status_code == 404

    def test_never_show_the_key(self, http: httpx.Client, servers: tuple[Server, Server]) -> None:
        Customer.register(http, "chidi").pay(create_event(http))

        assert all(KEY not in server.log for server in servers)
