from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.paystack_mock.simulator import PaystackMock
from app.paystack_mock.values.magic import BEHAVIOURS
from tests.paystack_mock.conftest import FakeClock, MakeMock, Receiver, Shop

SHORTER = timedelta(milliseconds=50)


class TestBehaviours:
    def test_each_have_a_description_and_a_test(self) -> None:
        shown = {
            name.removeprefix("test_").replace("_", "-")
            for name in vars(TestMagicName)
            if name.startswith("test_")
        }

        assert all(BEHAVIOURS.values())
        assert set(BEHAVIOURS) <= shown

    @pytest.mark.parametrize(
        "email", ["declined@example.com", "declined+7@other.org", "Declined@example.com"]
    )
    def test_are_named_by_the_local_part(self, shop: Shop, email: str) -> None:
        assert shop.open(email=email)["status"] == "failed"

    @pytest.mark.parametrize("metadata", [{"simulate": "declined"}, '{"simulate":"declined"}'])
    def test_are_named_by_metadata(self, shop: Shop, metadata: object) -> None:
        assert shop.open(metadata=metadata)["status"] == "failed"

    @pytest.mark.parametrize("email", ["declined.ada@example.com", "ada+declined@example.com"])
    def test_are_named_exactly(self, shop: Shop, email: str) -> None:
        assert shop.open(email=email)["status"] == "success"


class TestMagicName:
    def test_declined(self, shop: Shop, mock: PaystackMock) -> None:
        opened = shop.open(email="declined@example.com")

        assert (opened["status"], opened["gateway_response"]) == ("failed", "Declined")
        assert (opened["fees"], opened["paid_at"]) == (None, None)
        assert mock.deliver_due() == 0

    def test_outage(self, shop: Shop) -> None:
        answer = shop.initialize(email="outage@example.com")

        assert len(answer.content) < int(answer.headers["content-length"])
        assert shop.get("/transaction/verify/R1").status_code == 400

    def test_outage500(self, shop: Shop) -> None:
        answer = shop.initialize(email="outage500@example.com")

        assert answer.status_code == 500
        assert "json" not in answer.headers["content-type"]
        assert shop.get("/transaction/verify/R1").status_code == 400

    def test_slow(self, shop: Shop) -> None:
        initialized = shop.initialize(email="slow@example.com")
        verified = shop.get("/transaction/verify/R1")

        assert initialized.elapsed > SHORTER
        assert verified.elapsed > SHORTER
        assert verified.json()["data"]["status"] == "success"

    def test_webhook_late(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock, receiver: Receiver
    ) -> None:
        assert shop.open(email="webhook-late@example.com")["status"] == "success"
        clock.advance(timedelta(seconds=29))
        assert mock.deliver_due() == 0

        clock.advance(timedelta(seconds=1))

        assert mock.deliver_due() == 1
        assert receiver.names == ["charge.success"]

    def test_webhook_twice(self, shop: Shop, mock: PaystackMock, receiver: Receiver) -> None:
        shop.open(email="webhook-twice@example.com")

        assert mock.deliver_due() == 2
        first, second = receiver.received
        assert first.content == second.content

    def test_webhook_first(self, shop: Shop, mock: PaystackMock, receiver: Receiver) -> None:
        shop.initialize(email="webhook-first@example.com")

        assert receiver.names == ["charge.success"]
        assert mock.deliver_due() == 0

    def test_webhook_first_answers_although_the_shop_refuses(
        self, shop: Shop, mock: PaystackMock, receiver: Receiver, clock: FakeClock
    ) -> None:
        receiver.statuses = [500]

        answer = shop.initialize(email="webhook-first@example.com")

        assert answer.status_code == 200
        clock.advance(timedelta(seconds=1))
        assert mock.deliver_due() == 1

    def test_no_webhook(self, shop: Shop, mock: PaystackMock, clock: FakeClock) -> None:
        assert shop.open(email="no-webhook@example.com")["status"] == "success"

        clock.advance(timedelta(days=1))

        assert mock.deliver_due() == 0

    def test_not_found_yet(self, shop: Shop, mock: PaystackMock, clock: FakeClock) -> None:
        shop.initialize(email="not-found-yet@example.com")

        answer = shop.get("/transaction/verify/R1")
        clock.advance(timedelta(seconds=5))

        assert (answer.status_code, answer.json()["code"]) == (400, "transaction_not_found")
        assert shop.verify()["status"] == "success"
        assert mock.deliver_due() == 1

    def test_pending(self, make_mock: MakeMock, clock: FakeClock, receiver: Receiver) -> None:
        assert statuses(make_mock, clock, "pending") == ["pending", "pending", "success"]
        assert receiver.names == ["charge.success"]

    def test_processing(self, make_mock: MakeMock, clock: FakeClock, receiver: Receiver) -> None:
        assert statuses(make_mock, clock, "processing") == ["processing", "processing", "success"]
        assert receiver.names == ["charge.success"]

    def test_queued(self, make_mock: MakeMock, clock: FakeClock, receiver: Receiver) -> None:
        assert statuses(make_mock, clock, "queued") == ["queued", "queued", "success"]
        assert receiver.names == ["charge.success"]

    def test_bank_transfer(self, make_mock: MakeMock, clock: FakeClock, receiver: Receiver) -> None:
        shop = Shop(make_mock().app)

        assert statuses(make_mock, clock, "bank-transfer") == ["ongoing", "ongoing", "success"]

        (listed,) = shop.get("/transaction", channel="bank_transfer").json()["data"]
        assert shop.get("/transaction", channel="card").json()["data"] == []
        for body in (shop.verify(), listed, receiver.events[0]["data"]):
            card = body["authorization"]
            assert (body["channel"], card["channel"]) == ("bank_transfer", "bank_transfer")
            assert (card["card_type"], card["reusable"]) == ("transfer", False)
        assert shop.refund().json()["data"]["channel"] == "bank_transfer"

    def test_wrong_amount(self, shop: Shop, mock: PaystackMock, receiver: Receiver) -> None:
        opened = shop.open(email="wrong-amount@example.com", amount=500_000)
        mock.deliver_due()

        assert opened["status"] == "success"
        fetched = shop.get(f"/transaction/{opened['id']}").json()["data"]
        listed = shop.get("/transaction").json()["data"][0]
        for body in (opened, fetched, listed, receiver.events[0]["data"]):
            assert (body["amount"], body["requested_amount"]) == (250_000, 500_000)
            assert body["fees"] == 13_750

    def test_customer_fees(self, shop: Shop, mock: PaystackMock, receiver: Receiver) -> None:
        opened = shop.open(email="customer-fees@example.com", amount=500_000)
        mock.deliver_due()

        listed = shop.get("/transaction").json()["data"][0]
        for body in (opened, listed, receiver.events[0]["data"]):
            assert (body["amount"], body["requested_amount"]) == (517_500, 500_000)
            assert body["fees"] == 17_500

    def test_checkout(self, shop: Shop) -> None:
        answer = shop.initialize(email="checkout@example.com")

        page = shop.get(httpx.URL(answer.json()["data"]["authorization_url"]).path)
        assert shop.verify()["status"] == "abandoned"
        assert "Card number" in page.text

    def test_abandoned(self, shop: Shop) -> None:
        answer = shop.initialize(email="abandoned@example.com")
        path = httpx.URL(answer.json()["data"]["authorization_url"]).path

        card = {"number": "4084084084084081", "cvv": "408", "expiry": "12/30", "action": "pay"}
        shop.call("POST", path, data=card)

        assert "Session timeout exceeded" in shop.get(path).text
        assert shop.verify()["status"] == "abandoned"

    def test_refund_failed(self, make_mock: MakeMock, receiver: Receiver) -> None:
        assert refunded(make_mock, "refund-failed")["status"] == "success"
        assert receiver.names[-1] == "refund.failed"

    def test_refund_needs_attention(self, make_mock: MakeMock, receiver: Receiver) -> None:
        assert refunded(make_mock, "refund-needs-attention")["status"] == "reversal-pending"
        assert receiver.names[-1] == "refund.needs-attention"

    def test_refund_refused(self, shop: Shop) -> None:
        shop.open(email="refund-refused@example.com")

        answer = shop.refund()

        assert (answer.status_code, answer.json()["code"]) == (400, "insufficient_balance")
        assert shop.verify()["status"] == "success"

    def test_dispute_won(self, make_mock: MakeMock, clock: FakeClock, receiver: Receiver) -> None:
        events = disputed(make_mock, clock, receiver, "dispute-won")

        assert [event["resolution"] for event in events] == [None, None, "declined"]
        assert Shop(make_mock().app).verify()["status"] == "success"

    def test_dispute_lost(self, make_mock: MakeMock, clock: FakeClock, receiver: Receiver) -> None:
        events = disputed(make_mock, clock, receiver, "dispute-lost")

        assert [event["resolution"] for event in events] == [None, None, "merchant-accepted"]
        shop = Shop(make_mock().app)
        assert shop.verify()["status"] == "reversed"
        assert shop.refund().json()["code"] == "transaction_reversed"


class TestCustomerPaysFees:
    def test_makes_every_account_one_that_adds_its_fees(self, make_mock: MakeMock) -> None:
        shop = Shop(make_mock(customer_pays_fees=True).app)

        opened = shop.open(amount=500_000)

        assert (opened["amount"], opened["requested_amount"]) == (517_500, 500_000)


def statuses(make_mock: MakeMock, clock: FakeClock, name: str) -> list[str]:
    """Those of a payment at once, and as seconds go by."""
    mock = make_mock()
    shop = Shop(mock.app)
    found = [shop.open(email=f"{name}@example.com")["status"]]
    for seconds in (4, 1):
        clock.advance(timedelta(seconds=seconds))
        mock.deliver_due()
        found.append(shop.verify()["status"])
    return found


def disputed(
    make_mock: MakeMock, clock: FakeClock, receiver: Receiver, name: str
) -> list[dict[str, Any]]:
    """What is posted about the dispute of a payment, from its opening to its end."""
    mock = make_mock()
    Shop(mock.app).open(email=f"{name}@example.com")
    for _ in range(4):
        mock.deliver_due()
        clock.advance(timedelta(seconds=5))
    assert receiver.names == [
        "charge.success",
        "charge.dispute.create",
        "charge.dispute.remind",
        "charge.dispute.resolve",
    ]
    assert len({event["data"]["id"] for event in receiver.events[1:]}) == 1
    return [event["data"] for event in receiver.events[1:]]


def refunded(make_mock: MakeMock, name: str) -> dict[str, Any]:
    """A paid transaction of this behaviour, after its refund came to an end."""
    mock = make_mock(refund_step=timedelta())
    shop = Shop(mock.app)
    shop.open(email=f"{name}@example.com")
    shop.refund()
    mock.deliver_due()
    return shop.verify()
