from datetime import timedelta
from typing import Any

import pytest

from app.paystack_mock.simulator import PaystackMock
from tests.paystack_mock.conftest import FakeClock, MakeMock, Receiver, Shop

STEP = timedelta(seconds=0.5)
BANK = {"currency": "NGN", "account_number": "1234567890", "bank_id": "9"}


def pass_steps(mock: PaystackMock, clock: FakeClock, steps: int) -> None:
    mock.deliver_due()
    for _ in range(steps):
        clock.advance(STEP)
        mock.deliver_due()


class TestRefund:
    def test_is_queued_for_the_whole_amount(self, shop: Shop) -> None:
        opened = shop.open()

        answer = shop.refund()

        body = answer.json()
        assert answer.status_code == 200
        assert body["message"] == "Refund has been queued for processing"
        assert (body["data"]["status"], body["data"]["amount"]) == ("pending", 500_000)
        assert body["data"]["transaction"]["id"] == opened["id"]
        assert body["data"]["customer_note"] == "Refund for transaction R1"
        assert body["data"]["merchant_note"].startswith("Refund for transaction R1 by ")
        assert shop.verify()["status"] == "reversal-pending"

    def test_moves_to_processed_and_announces_each_step(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock, receiver: Receiver
    ) -> None:
        shop.open()
        refund_id = shop.refund().json()["data"]["id"]

        pass_steps(mock, clock, 2)

        assert receiver.names == [
            "charge.success",
            "refund.pending",
            "refund.processing",
            "refund.processed",
        ]
        event = receiver.events[-1]["data"]
        assert event["transaction_reference"] == "R1"
        assert (event["status"], event["amount"]) == ("processed", "500000")
        for told in receiver.events[1:]:
            assert "processor" in told["data"]
            assert told["data"].keys().isdisjoint({"id", "customer_note", "merchant_note"})
        refund = shop.get(f"/refund/{refund_id}").json()["data"]
        assert (refund["status"], refund["fully_deducted"]) == ("processed", True)
        assert refund["refunded_at"] == "2026-11-01T09:58:41.000Z"
        assert shop.verify()["status"] == "reversed"

    def test_of_a_part_leaves_the_payment_a_success(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock
    ) -> None:
        shop.open()
        shop.refund(amount="200000")
        assert shop.verify()["status"] == "reversal-pending"

        pass_steps(mock, clock, 2)

        assert shop.verify()["status"] == "success"
        assert shop.refund(amount=300_000).status_code == 200

    def test_takes_two_equal_parts(self, shop: Shop) -> None:
        shop.open()

        answers = [shop.refund(amount=200_000) for _ in range(2)]

        assert [answer.status_code for answer in answers] == [200, 200]

    def test_finds_the_transaction_by_id(self, shop: Shop) -> None:
        opened = shop.open()

        assert shop.refund(transaction=opened["id"]).status_code == 200

    @pytest.mark.parametrize(
        ("fields", "message", "code"),
        [
            ({"transaction": None}, "Transaction is required", "missing_params"),
            ({"transaction": "nobody"}, "Transaction not found", "transaction_not_found"),
            ({"transaction": 10**30}, "Transaction not found", "transaction_not_found"),
            ({"transaction": ["R1"]}, "Transaction not found", "transaction_not_found"),
            ({"transaction": "UNPAID"}, "Transaction has not been paid", None),
            (
                {"amount": 500_001},
                "Refund amount exceeds transaction amount",
                "refund_amount_exceeds_transaction_amount",
            ),
            ({"amount": 0}, "Invalid Amount Sent", None),
            ({"amount": 1.5}, '"amount" must be an integer', None),
            ({"currency": "GHS"}, "Transaction currency must match refund currency", None),
        ],
    )
    def test_refuses_in_paystacks_words(
        self, shop: Shop, fields: dict[str, Any], message: str, code: str | None
    ) -> None:
        shop.open()
        shop.open(reference="UNPAID", email="checkout@example.com")

        answer = shop.refund(**fields)

        body = answer.json()
        assert (answer.status_code, body["status"], body["message"]) == (400, False, message)
        assert code is None or body["code"] == code
        assert shop.verify()["status"] == "success"

    def test_refuses_more_than_is_left(self, shop: Shop) -> None:
        shop.open()
        shop.refund(amount=100)

        answer = shop.refund()

        assert answer.status_code == 400
        assert answer.json()["message"] == (
            "Total refund amount cannot exceed original transaction amount"
        )

    def test_refuses_what_is_fully_reversed(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock
    ) -> None:
        shop.open()
        shop.refund()
        pass_steps(mock, clock, 2)

        answer = shop.refund()

        assert answer.status_code == 400
        assert answer.json()["code"] == "transaction_reversed"
        assert answer.json()["type"] == "api_error"

    def test_refuses_less_than_the_floor(self, shop: Shop) -> None:
        shop.open(currency="GHS")

        assert shop.refund(amount=99).json()["message"].endswith("at this time is: GHS1.00")
        assert shop.refund(amount=100).status_code == 200


class TestFailedRefund:
    def test_returns_the_payment_to_success_and_may_be_tried_again(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock, receiver: Receiver
    ) -> None:
        shop.open(email="refund-failed@example.com")
        shop.refund()

        pass_steps(mock, clock, 2)

        assert receiver.names[-2:] == ["refund.processing", "refund.failed"]
        event = receiver.events[-1]["data"]
        assert (event["amount"], "processor" in event, "id" in event) == (500_000, True, False)
        assert shop.verify()["status"] == "success"
        assert shop.refund().status_code == 200


class TestRetryRefund:
    def test_moves_on_a_refund_that_needs_attention(
        self, shop: Shop, mock: PaystackMock, clock: FakeClock, receiver: Receiver
    ) -> None:
        shop.open(email="refund-needs-attention@example.com")
        refund_id = shop.refund().json()["data"]["id"]
        pass_steps(mock, clock, 2)
        assert shop.verify()["status"] == "reversal-pending"

        answer = shop.call(
            "POST",
            f"/refund/retry_with_customer_details/{refund_id}",
            json={"refund_account_details": BANK},
        )
        pass_steps(mock, clock, 1)

        assert answer.json()["data"]["status"] == "processing"
        assert receiver.names[-3:] == [
            "refund.needs-attention",
            "refund.processing",
            "refund.processed",
        ]
        assert shop.verify()["status"] == "reversed"

    def test_answers_422_in_any_other_state(self, shop: Shop) -> None:
        shop.open()
        refund_id = shop.refund().json()["data"]["id"]
        path = f"/refund/retry_with_customer_details/{refund_id}"

        answer = shop.call("POST", path, json={"refund_account_details": BANK})

        body = answer.json()
        assert (answer.status_code, body["status"], body["code"]) == (422, False, "invalid_params")
        assert body["message"] == (
            'Invalid Refund state, refund status should be "needs-attention"'
        )

    def test_wants_the_bank_account(self, shop: Shop) -> None:
        answer = shop.call("POST", "/refund/retry_with_customer_details/1", json={})

        assert answer.status_code == 400

    def test_answers_404_for_an_unknown_refund(self, shop: Shop) -> None:
        path = "/refund/retry_with_customer_details/1"

        answer = shop.call("POST", path, json={"refund_account_details": BANK})

        assert (answer.status_code, answer.json()["message"]) == (404, "Refund not found")


class TestListRefunds:
    def test_comes_newest_first_with_its_meta(self, shop: Shop) -> None:
        opened = shop.open()
        shop.refund(amount=100)
        shop.refund(amount=200)

        answer = shop.get("/refund", transaction=opened["id"]).json()

        assert answer["message"] == "Refunds retrieved"
        assert [row["amount"] for row in answer["data"]] == [200, 100]
        assert answer["data"][0]["transaction"] == opened["id"]
        assert answer["meta"] == {
            "total": 2,
            "skipped": 0,
            "perPage": 50,
            "page": 1,
            "pageCount": 1,
            "failedRefundCount": 0,
        }

    def test_finds_those_of_a_reference(self, mock: PaystackMock, shop: Shop) -> None:
        for reference in ("R1", "R2"):
            shop.open(reference=reference)
            shop.refund(transaction=reference)
        other = Shop(mock.app, "sk_test_other")
        other.open(reference="R2")
        other.refund(transaction="R2")

        answer = shop.get("/refund", reference="R2").json()

        assert [row["transaction_reference"] for row in answer["data"]] == ["R2"]
        assert answer["meta"]["total"] == 1
        assert shop.get("/refund", reference="R3").json()["data"] == []

    def test_takes_no_reference_for_a_transaction_nor_another_currency(self, shop: Shop) -> None:
        shop.open()
        shop.refund()

        assert shop.get("/refund/", transaction="R1").json()["data"] == []
        assert shop.get("/refund", currency="GHS").json()["data"] == []
        assert len(shop.get("/refund", currency="NGN").json()["data"]) == 1


class TestFetchRefund:
    @pytest.mark.parametrize("id", ["7", "x", "9" * 40])
    def test_answers_404_for_an_unknown_id(self, shop: Shop, id: str) -> None:
        answer = shop.get(f"/refund/{id}")

        assert answer.status_code == 404
        assert (answer.json()["message"], answer.json()["code"]) == (
            "Refund not found",
            "not_found",
        )

    def test_keeps_to_its_account(
        self, mock: PaystackMock, shop: Shop, make_mock: MakeMock
    ) -> None:
        shop.open()
        refund_id = shop.refund().json()["data"]["id"]

        assert Shop(mock.app, "sk_test_other").get(f"/refund/{refund_id}").status_code == 404
