from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.paystack_mock.simulator import PaystackMock
from app.paystack_mock.values.cards import CARDS
from app.paystack_mock.values.magic import BEHAVIOURS
from tests.paystack_mock.conftest import CALLBACK, Customer, FakeClock, MakeMock, Receiver, Shop

TWICE = "?trxref=R1&reference=R1"


def has_paid(answer: httpx.Response) -> bool:
    return answer.status_code == 303 and answer.headers["location"] == CALLBACK + TWICE


class TestPage:
    def test_shows_what_is_due_and_every_test_card_and_address(self, checkout_shop: Shop) -> None:
        page = Customer(checkout_shop, amount=1_234_567).look()

        assert "Paystack simulator — no real money" in page
        assert "ada@example.com" in page
        assert "NGN 12,345.67" in page
        assert all(card.grouped in page and card.cvv in page for card in CARDS)
        assert all(f"{name}@" in page for name in BEHAVIOURS)
        assert "://" not in page.replace(CALLBACK, "")

    def test_shows_francs_without_decimals(self, checkout_shop: Shop) -> None:
        page = Customer(checkout_shop, amount=1_234_500, currency="XOF").look()

        assert "XOF 12,345" in page
        assert "12,345." not in page

    def test_answers_404_for_an_unknown_code(self, shop: Shop) -> None:
        page = shop.get("/checkout/nobody")

        assert page.status_code == 404
        assert "no such checkout" in page.text
        assert shop.call("POST", "/checkout/nobody", data={"action": "pay"}).status_code == 404

    def test_says_so_when_the_simulated_customer_has_paid(self, shop: Shop) -> None:
        page = Customer(shop).look()

        assert "Payment successful" in page
        assert f'href="{CALLBACK}?trxref=R1&amp;reference=R1"' in page

    def test_escapes_what_the_caller_wrote(self, checkout_shop: Shop) -> None:
        email = "ada'&{{7*7}}@example.com"
        callback = 'https://shop.test/"><script>alert(1)</script>'
        metadata = {"cancel_action": "javascript:alert(1)"}
        customer = Customer(
            checkout_shop, email=email, callback_url=callback, metadata=metadata, reference="R1"
        )

        before = customer.look()
        customer.pay()
        after = customer.look()

        assert "ada&#39;&amp;{{7*7}}@example.com" in before
        assert "<script" not in before + after
        assert "alert(1)" not in before

    def test_forbids_scripts_and_outside_content(self, shop: Shop) -> None:
        headers = shop.get(Customer(shop).path).headers

        assert "default-src 'none'" in headers["content-security-policy"]


class TestPay:
    def test_leads_back_to_the_shop(self, checkout_shop: Shop) -> None:
        assert has_paid(Customer(checkout_shop).pay())

        paid = checkout_shop.verify()
        assert (paid["status"], paid["gateway_response"]) == ("success", "Successful")
        assert paid["authorization"]["last4"] == "4081"
        assert (paid["authorization"]["exp_month"], paid["authorization"]["exp_year"]) == (
            "12",
            "2030",
        )

    @pytest.mark.parametrize(
        ("callback", "location"),
        [
            (
                "https://shop.test/back?order=1",
                "https://shop.test/back?order=1&trxref=R1&reference=R1",
            ),
            ("https://shop.test/back#top", "https://shop.test/back?trxref=R1&reference=R1#top"),
        ],
    )
    def test_adds_to_the_query_of_the_callback(
        self, checkout_shop: Shop, callback: str, location: str
    ) -> None:
        answer = Customer(checkout_shop, callback_url=callback).pay()

        assert answer.headers["location"] == location

    def test_stays_on_a_success_page_without_callback(self, checkout_shop: Shop) -> None:
        customer = Customer(checkout_shop, callback_url=None)

        answer = customer.pay()

        assert (answer.status_code, answer.headers["location"]) == (303, customer.path)
        assert "Payment successful" in customer.look()

    def test_twice_changes_nothing(self, make_mock: MakeMock, receiver: Receiver) -> None:
        mock = make_mock(autopay=False)
        shop = Shop(mock.app)
        customer = Customer(shop)
        customer.pay()
        before = shop.verify()

        again = [customer.pay(), customer.pay("4084080000005408", "001"), customer.pay(expiry="")]
        again += [customer.send(action="cancel"), customer.answer("pin", "1")]

        assert all(has_paid(answer) for answer in again)
        assert shop.verify() == before
        assert mock.deliver_due() == 1

    def test_waits_for_money_that_is_on_its_way(
        self, make_mock: MakeMock, clock: FakeClock
    ) -> None:
        mock = make_mock(autopay=False)
        shop = Shop(mock.app)
        customer = Customer(shop, email="processing@example.com")
        customer.pay()

        again = [customer.pay("4084080000005408", "001"), customer.pay(expiry="")]

        assert {answer.headers["location"] for answer in again} == {customer.path}
        assert "Payment on its way" in customer.look()
        assert shop.verify()["status"] == "processing"
        clock.advance(timedelta(seconds=5))
        mock.deliver_due()
        assert "Payment successful" in customer.look()

    @pytest.mark.parametrize("expiry", ["", "13/30", "10/26", "soon", "12-30", "9" * 50])
    def test_asks_again_for_an_expiry_that_cannot_be(
        self, checkout_shop: Shop, expiry: str
    ) -> None:
        answer = Customer(checkout_shop).pay(expiry=expiry)

        assert answer.status_code == 422
        assert "expiry date in the future" in answer.text
        assert checkout_shop.verify()["status"] == "abandoned"

    @pytest.mark.parametrize("number", ["4111 1111 1111 1111", "", "<script>", "4084"])
    def test_declines_any_unknown_card(self, checkout_shop: Shop, number: str) -> None:
        customer = Customer(checkout_shop)

        answer = customer.pay(number)

        assert answer.headers["location"] == customer.path
        assert checkout_shop.verify()["gateway_response"] == (
            "Transaction declined. Please use the test card."
        )

    def test_declines_a_wrong_cvv(self, checkout_shop: Shop) -> None:
        Customer(checkout_shop).pay(cvv="409")

        assert checkout_shop.verify()["status"] == "failed"

    def test_may_be_tried_again_after_a_decline(
        self, make_mock: MakeMock, receiver: Receiver
    ) -> None:
        mock = make_mock(autopay=False)
        shop = Shop(mock.app)
        customer = Customer(shop)
        customer.pay("4084 0800 0000 5408", "001")
        assert shop.verify()["status"] == "failed"
        assert mock.deliver_due() == 0
        assert "Declined" in customer.look()

        assert has_paid(customer.pay())

        log = shop.verify()["log"]
        assert (log["attempts"], log["errors"], log["success"]) == (2, 1, True)
        mock.deliver_due()
        assert receiver.names == ["charge.success"]


class TestCancel:
    def test_leads_to_the_cancel_action(self, checkout_shop: Shop) -> None:
        address = "https://shop.test/cancelled?x=1"
        customer = Customer(checkout_shop, metadata={"cancel_action": address})

        answer = customer.send(action="cancel")

        assert (answer.status_code, answer.headers["location"]) == (303, address)
        assert checkout_shop.verify()["status"] == "abandoned"

    @pytest.mark.parametrize("address", [None, "javascript:alert(1)", "/relative", 7, "http://["])
    def test_closes_without_a_web_address_to_go_to(
        self, checkout_shop: Shop, address: object
    ) -> None:
        answer = Customer(checkout_shop, metadata={"cancel_action": address}).send(action="cancel")

        assert answer.status_code == 200
        assert "Payment cancelled" in answer.text


class TestMountedCheckout:
    def test_stays_under_its_mount(self, make_mock: MakeMock) -> None:
        mock: PaystackMock = make_mock(autopay=False, mount_path="/paystack-mock")
        shop = Shop(Starlette(routes=[Mount("/paystack-mock", mock.app)]))
        caller = Shop(mock.app)
        url = httpx.URL(
            caller.initialize(callback_url="http://shop.test/back").json()["data"][
                "authorization_url"
            ]
        )

        assert shop.get(url.path).status_code == 200
        form = {"action": "pay", "number": "1", "cvv": "1", "expiry": "12/30"}
        answer = shop.call("POST", url.path, data=form)

        assert answer.headers["location"] == url.path
        assert url.path.startswith("/paystack-mock/checkout/")
