import json
from typing import Any

import pytest

from tests.paystack_mock.conftest import MakeMock, Shop

PATH = "/transaction/initialize"


class TestInitialize:
    def test_answers_address_code_and_reference(self, shop: Shop) -> None:
        answer = shop.initialize(reference="TCK-2026.=1")

        body = answer.json()
        assert (answer.status_code, body["status"]) == (200, True)
        assert body["message"] == "Authorization URL created"
        assert body["data"]["reference"] == "TCK-2026.=1"
        code = body["data"]["access_code"]
        assert len(code) == 15
        assert body["data"]["authorization_url"] == f"http://simulator.test/checkout/{code}"

    @pytest.mark.parametrize("reference", [None, ""])
    def test_makes_a_reference_when_none_is_given(self, shop: Shop, reference: str | None) -> None:
        made = shop.initialize(reference=reference).json()["data"]["reference"]

        assert len(made) == 10
        assert shop.verify(made)["status"] == "success"

    @pytest.mark.parametrize("amount", [20_000, "20000", 20_000.0, "20000.0"])
    def test_takes_amounts_as_numbers_and_numeric_strings(self, shop: Shop, amount: Any) -> None:
        assert shop.open(amount=amount)["amount"] == 20_000

    def test_reads_json_with_no_content_type(self, shop: Shop) -> None:
        body = json.dumps({"email": "ada@example.com", "amount": 100, "reference": "R1"})

        answer = shop.call("POST", PATH, content=body)

        assert answer.status_code == 200

    def test_reads_a_form_with_bracket_keys(self, checkout_shop: Shop) -> None:
        form = {
            "email": "ada@example.com",
            "amount": "20000",
            "reference": "R1",
            "channels[]": "card",
            "metadata[cancel_action]": "https://shop.test/cancelled",
            "metadata[custom_fields][0][value]": "42",
        }

        answer = checkout_shop.call("POST", PATH, data=form)

        assert answer.status_code == 200
        assert checkout_shop.verify()["metadata"] == {
            "cancel_action": "https://shop.test/cancelled",
            "custom_fields": [{"value": "42"}],
        }

    def test_serves_the_trailing_slash_without_redirect(self, shop: Shop) -> None:
        body = {"email": "ada@example.com", "amount": 100, "reference": "R1"}

        assert shop.call("POST", PATH + "/", json=body).status_code == 200
        assert shop.get("/transaction/verify/R1/").status_code == 200

    def test_reads_null_as_absent_and_ignores_unknown_fields(self, shop: Shop) -> None:
        opened = shop.open(currency=None, callback_url=None, metadata=None, plan=None, colour="red")

        assert (opened["currency"], opened["metadata"]) == ("NGN", "")

    def test_returns_numbers_of_metadata_as_strings(self, shop: Shop) -> None:
        metadata = {"order": 42, "deep": [{"x": 1.5}], "flag": True}

        assert shop.open(metadata=metadata)["metadata"] == {
            "order": "42",
            "deep": [{"x": "1.5"}],
            "flag": True,
        }

    def test_keeps_types_of_metadata_sent_as_a_json_string(self, shop: Shop) -> None:
        assert shop.open(metadata='{"order": 42}')["metadata"] == {"order": 42}

    def test_keeps_metadata_that_is_plain_text(self, shop: Shop) -> None:
        assert shop.open(metadata="order 42")["metadata"] == "order 42"

    @pytest.mark.parametrize(
        ("fields", "message", "code"),
        [
            ({"email": None}, "Email Address is required", "missing_params"),
            ({"email": ""}, "Email Address is required", "missing_params"),
            ({"email": "ada"}, "Invalid Email Address Passed", "invalid_email_address"),
            ({"email": "ada@shop.local"}, "Invalid Email Address Passed", "invalid_email_address"),
            ({"email": ["a@b.co"]}, "Invalid Email Address Passed", "invalid_email_address"),
            ({"amount": None}, "Invalid Amount Sent", None),
            ({"amount": 0}, "Invalid Amount Sent", None),
            ({"amount": -5}, "Invalid Amount Sent", None),
            ({"amount": True}, "Invalid Amount Sent", None),
            ({"amount": "lots"}, "Invalid Amount Sent", None),
            ({"amount": "٣٣"}, "Invalid Amount Sent", None),
            ({"amount": 1_000_000_001}, "Invalid Amount Sent", None),
            ({"amount": 10**40}, "Invalid Amount Sent", None),
            ({"amount": 100.5}, '"amount" must be an integer', None),
            ({"amount": "100.50"}, '"amount" must be an integer', None),
            ({"currency": "EUR"}, "Currency not supported by merchant", None),
            ({"currency": ["NGN"]}, "Currency not supported by merchant", None),
            (
                {"reference": "a b"},
                "Invalid character in transaction reference",
                "invalid_character_in_reference",
            ),
            (
                {"reference": "a/b"},
                "Invalid character in transaction reference",
                "invalid_character_in_reference",
            ),
            ({"callback_url": "javascript:alert(1)"}, "Invalid callback URL", None),
            ({"callback_url": "http://["}, "Invalid callback URL", None),
        ],
    )
    def test_refuses_in_paystacks_words(
        self, shop: Shop, fields: dict[str, Any], message: str, code: str | None
    ) -> None:
        answer = shop.initialize(**fields)

        body = answer.json()
        assert (answer.status_code, body["status"], body["message"]) == (400, False, message)
        assert body["type"] == "validation_error"
        assert body["meta"]["nextStep"]
        assert code is None or body["code"] == code

    def test_refuses_a_used_reference_whatever_its_amount(self, shop: Shop) -> None:
        shop.initialize(amount=100)

        answer = shop.initialize(amount=200)

        assert answer.status_code == 400
        assert answer.json() == {
            "status": False,
            "message": "Duplicate Transaction Reference",
            "meta": {"nextStep": "Try and create the Transaction or Charge with a new reference"},
            "type": "validation_error",
            "code": "duplicate_reference",
        }
        assert shop.verify()["amount"] == 100

    def test_tells_references_apart_by_case(self, shop: Shop) -> None:
        assert shop.initialize(reference="abc").status_code == 200
        assert shop.initialize(reference="ABC").status_code == 200

    def test_takes_only_the_currencies_that_are_set(self, make_mock: MakeMock) -> None:
        shop = Shop(make_mock(currencies=("GHS",)).app)

        assert shop.open()["currency"] == "GHS"
        assert shop.initialize(currency="NGN").status_code == 400


class TestAuthorizationUrl:
    def test_starts_with_the_public_url(self, make_mock: MakeMock) -> None:
        shop = Shop(make_mock(public_url="https://pay.test/sim/", mount_path="/paystack-mock").app)

        url = shop.initialize().json()["data"]["authorization_url"]

        assert url.startswith("https://pay.test/sim/checkout/")

    def test_is_at_the_shop_when_mounted_there(self, make_mock: MakeMock) -> None:
        shop = Shop(make_mock(mount_path="/paystack-mock").app)

        answer = shop.initialize(callback_url="https://shop.test:8443/payments/back?x=1")

        url = answer.json()["data"]["authorization_url"]
        assert url.startswith("https://shop.test:8443/paystack-mock/checkout/")

    def test_is_below_what_the_shop_is_below(self, make_mock: MakeMock) -> None:
        shop = Shop(make_mock(mount_path="/paystack-mock").app)

        answer = shop.initialize(callback_url="https://a.test/site/shop/payments/callback?x=1")

        url = answer.json()["data"]["authorization_url"]
        assert url.startswith("https://a.test/site/shop/paystack-mock/checkout/")


class TestVerify:
    def test_tells_fees_of_a_paid_transaction(self, shop: Shop) -> None:
        assert shop.open(amount=500_000)["fees"] == 17_500

    def test_answers_abandoned_while_unpaid(self, checkout_shop: Shop) -> None:
        opened = checkout_shop.open()

        assert opened["status"] == "abandoned"
        assert opened["gateway_response"] == "The transaction was not completed"
        assert (opened["fees"], opened["paid_at"], opened["paidAt"]) == (None, None, None)
        assert (opened["authorization"], opened["channel"], opened["log"]) == ({}, "card", None)

    def test_answers_400_for_an_unknown_reference(self, shop: Shop) -> None:
        answer = shop.get("/transaction/verify/nobody")

        assert answer.status_code == 400
        assert answer.json()["message"] == "Transaction reference not found."
        assert answer.json()["code"] == "transaction_not_found"

    @pytest.mark.parametrize("path", ["/transaction/verify", "/transaction/verify/"])
    def test_falls_through_to_fetch_with_no_reference(self, shop: Shop, path: str) -> None:
        answer = shop.get(path)

        assert answer.status_code == 400
        assert answer.json()["message"] == "Transaction ID should be numeric."


class TestKeys:
    def test_are_required(self, mock: Any) -> None:
        answer = Shop(mock.app, key=None).get("/transaction")

        assert answer.status_code == 401
        assert answer.json() == {"status": False, "message": "No Authorization Header was found"}

    @pytest.mark.parametrize("key", ["nonsense", "pk_test_abc", "pk_live_abc", "", "sk_test_"])
    def test_must_be_secret_test_keys(self, mock: Any, key: str) -> None:
        answer = Shop(mock.app, key=key).get("/transaction")

        assert answer.status_code == 401
        assert answer.json()["message"] == "Invalid key"
        assert answer.json()["code"] == "invalid_Key"

    def test_must_not_be_live(self, mock: Any) -> None:
        answer = Shop(mock.app, key="sk_live_secret123").get("/transaction")

        assert answer.status_code == 401
        assert "simulator" in answer.json()["message"]
        assert "secret123" not in answer.text

    def test_each_have_transactions_of_their_own(self, mock: Any) -> None:
        ada, bob = Shop(mock.app, "sk_test_ada"), Shop(mock.app, "sk_test_bob")
        transaction = ada.open(reference="SAME")

        assert bob.get("/transaction/verify/SAME").status_code == 400
        assert bob.get(f"/transaction/{transaction['id']}").status_code == 404
        assert bob.refund(transaction=transaction["id"]).status_code == 400
        assert bob.get("/transaction").json()["data"] == []
        assert bob.initialize(reference="SAME").status_code == 200

    def test_other_than_the_one_set_are_refused(self, make_mock: MakeMock) -> None:
        app = make_mock(secret_key="sk_test_only").app

        assert Shop(app, "sk_test_only").get("/transaction").status_code == 200
        assert Shop(app, "sk_test_other").get("/transaction").status_code == 401


class TestRateLimit:
    def test_is_off_by_default(self, shop: Shop) -> None:
        assert "x-ratelimit-limit" not in shop.get("/transaction").headers

    def test_answers_429_beyond_the_limit(self, make_mock: MakeMock) -> None:
        shop = Shop(make_mock(rate_limit=2).app)

        answers = [shop.get("/transaction") for _ in range(3)]

        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert [a.headers["x-ratelimit-remaining"] for a in answers] == ["1", "0", "0"]
        assert answers[2].json()["message"] == "Rate limit exceeded!"
