import hmac
import json
from datetime import UTC, datetime
from hashlib import sha512

import pytest
import respx

from app.clients.paystack.bulkhead import Bulkhead
from app.clients.paystack.gateway import PaystackGateway
from app.domain.errors import ChargeRefused, PaymentGatewayUnavailable
from app.domain.ports import (
    ChargeReport,
    ChargeStatus,
    GatewayBulkhead,
    PaymentGateway,
)
from tests.clients.conftest import (
    KEY,
    PAGE,
    PRICE,
    body_of,
    done,
    refused,
    start_charge,
    transaction,
)


class TestStartCharge:
    def test_gives_the_page_to_pay_at(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        wire.post("/transaction/initialize").respond(json=done(PAGE))

        page = start_charge(paystack)

        assert page == "https://checkout.example/k3v"

    def test_says_what_paystack_needs_to_know(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        route = wire.post("/transaction/initialize").respond(json=done(PAGE))

        start_charge(paystack)

        assert route.calls.last.request.headers["authorization"] == f"Bearer {KEY}"
        assert body_of(route.calls.last) == {
            "email": "ada@example.com",
            "amount": 500_000,
            "currency": "NGN",
            "reference": "TCK-1",
            "callback_url": "https://shop.example/paid",
            "metadata": {
                "cancel_action": "https://shop.example/cancelled",
                "custom_fields": [
                    {
                        "display_name": "Order",
                        "variable_name": "order",
                        "value": "2 tickets, Fête de Lagos",
                    }
                ],
            },
        }

    @pytest.mark.parametrize(
        ("status", "reason"),
        [(400, "Duplicate Transaction Reference"), (422, "Currency not supported by merchant")],
    )
    def test_passes_a_refusal_on(
        self, paystack: PaystackGateway, wire: respx.MockRouter, status: int, reason: str
    ) -> None:
        wire.post("/transaction/initialize").respond(status, json=refused(reason))

        with pytest.raises(ChargeRefused) as refusal:
            start_charge(paystack)

        assert refusal.value.facts == {"reference": "TCK-1", "reason": reason}

    @pytest.mark.parametrize(
        "answer",
        [
            done(PAGE) | {"status": False},
            done({"access_code": "k3v"}),
            done(PAGE | {"authorization_url": 5}),
            done(None),
            done([PAGE]),
            {"status": True, "message": "Done"},
        ],
    )
    def test_does_not_trust_an_odd_answer(
        self, paystack: PaystackGateway, wire: respx.MockRouter, answer: dict[str, object]
    ) -> None:
        wire.post("/transaction/initialize").respond(json=answer)

        with pytest.raises(PaymentGatewayUnavailable):
            start_charge(paystack)


class TestFindCharge:
    def test_tells_what_was_really_charged(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(json=done(transaction()))

        assert paystack.find_charge("TCK-1") == ChargeReport(
            status=ChargeStatus.PAID,
            reference="TCK-1",
            amount=PRICE,
            transaction_id="5200000001",
            fee_minor=17_500,
            paid_at=datetime(2026, 11, 1, 10, 0, 5, tzinfo=UTC),
            reason="Successful",
        )

    @pytest.mark.parametrize(
        ("theirs", "ours"),
        [
            ("success", ChargeStatus.PAID),
            ("failed", ChargeStatus.FAILED),
            ("abandoned", ChargeStatus.OPEN),
            ("ongoing", ChargeStatus.OPEN),
            ("pending", ChargeStatus.OPEN),
            ("processing", ChargeStatus.OPEN),
            ("queued", ChargeStatus.OPEN),
            ("reversed", ChargeStatus.REVERSED),
            ("reversal-pending", ChargeStatus.REVERSED),
            ("something-new", ChargeStatus.OPEN),
        ],
    )
    def test_knows_every_status(
        self, paystack: PaystackGateway, wire: respx.MockRouter, theirs: str, ours: ChargeStatus
    ) -> None:
        unpaid = transaction(status=theirs, fees=None, paid_at=None)
        wire.get("/transaction/verify/TCK-1").respond(json=done(unpaid))

        assert paystack.find_charge("TCK-1").status is ours

    def test_reads_numbers_sent_as_text(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        as_text = transaction(id="5200000001", amount="500000", fees="17500")
        wire.get("/transaction/verify/TCK-1").respond(json=done(as_text))

        report = paystack.find_charge("TCK-1")

        assert (report.amount, report.transaction_id, report.fee_minor) == (
            PRICE,
            "5200000001",
            17_500,
        )

    @pytest.mark.parametrize("changes", [{"amount": 500_000.0}, {"id": 5_200_000_001.0}])
    def test_reads_whole_numbers_written_with_a_point(
        self, paystack: PaystackGateway, wire: respx.MockRouter, changes: dict[str, object]
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(json=done(transaction(**changes)))

        report = paystack.find_charge("TCK-1")

        assert (report.amount, report.transaction_id) == (PRICE, "5200000001")

    @pytest.mark.parametrize("fees", [19.5, "19.50", "none", -5, {}, [], True, 2**63, 1e300])
    def test_knows_no_fee_if_it_cannot_be_read(
        self, paystack: PaystackGateway, wire: respx.MockRouter, fees: object
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(json=done(transaction(fees=fees)))

        report = paystack.find_charge("TCK-1")

        assert (report.status, report.fee_minor) == (ChargeStatus.PAID, None)

    @pytest.mark.parametrize(
        "paid_at",
        ["yesterday", "Thu Aug 22 2024 10:00:00 GMT", 5, {}, "0001-01-01T00:00:00+23:00", "9" * 99],
    )
    def test_knows_no_moment_if_it_cannot_be_read(
        self, paystack: PaystackGateway, wire: respx.MockRouter, paid_at: object
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(json=done(transaction(paid_at=paid_at)))

        report = paystack.find_charge("TCK-1")

        assert (report.status, report.paid_at) == (ChargeStatus.PAID, None)

    @pytest.mark.parametrize(
        ("status", "message", "code"),
        [
            (400, "Transaction reference not found.", "transaction_not_found"),
            (400, "No such thing", "transaction_not_found"),
            (404, "Transaction reference not found.", "not_found"),
            (404, "Transaction reference not found", ""),
        ],
    )
    def test_knows_an_unknown_reference(
        self,
        paystack: PaystackGateway,
        wire: respx.MockRouter,
        status: int,
        message: str,
        code: str,
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(status, json=refused(message, code))

        assert paystack.find_charge("TCK-1") == ChargeReport(
            status=ChargeStatus.UNKNOWN, reference="TCK-1"
        )

    @pytest.mark.parametrize(
        ("status", "text"),
        [
            (400, json.dumps(refused("Invalid"))),
            (404, json.dumps(refused("Merchant may be inactive"))),
            (404, json.dumps(refused("Not found", "not_found"))),
            (422, json.dumps(refused("Transaction reference not found."))),
            (404, "<html>no such host"),
        ],
    )
    def test_takes_no_other_refusal_for_an_unknown_reference(
        self, paystack: PaystackGateway, wire: respx.MockRouter, status: int, text: str
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(status, text=text)

        with pytest.raises(PaymentGatewayUnavailable):
            paystack.find_charge("TCK-1")

    @pytest.mark.parametrize("reference", ["", "..", "a/b", "a?b=c", "a#b", "ä", "a\n", "a" * 201])
    def test_asks_nothing_about_what_cannot_be_a_reference(
        self, paystack: PaystackGateway, wire: respx.MockRouter, reference: str
    ) -> None:
        assert paystack.find_charge(reference).status is ChargeStatus.UNKNOWN
        assert wire.calls.call_count == 0

    @pytest.mark.parametrize(
        "changes",
        [
            {"reference": "TCK-2"},
            {"reference": None},
            {"status": None},
            {"status": True},
            {"amount": None},
            {"amount": -1},
            {"amount": True},
            {"amount": 500_000.5},
            {"amount": "5e5"},
            {"amount": "\u0665"},
            {"amount": "9" * 5_000},
            {"currency": None},
            {"currency": "NAIRA"},
            {"id": None},
            {"id": 2**64},
            {"id": 1.5},
        ],
    )
    def test_does_not_trust_an_odd_field(
        self, paystack: PaystackGateway, wire: respx.MockRouter, changes: dict[str, object]
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(json=done(transaction(**changes)))

        with pytest.raises(PaymentGatewayUnavailable):
            paystack.find_charge("TCK-1")


class TestIsSigned:
    BODY = b'{"event":"charge.success"}'

    def signature(self, body: bytes = BODY, key: str = KEY) -> str:
        return hmac.new(key.encode(), body, sha512).hexdigest()

    def test_believes_the_signature_of_the_body(self, paystack: PaystackGateway) -> None:
        assert paystack.is_signed(self.BODY, self.signature())

    def test_believes_no_forgery(self, paystack: PaystackGateway) -> None:
        good = self.signature()
        forgeries = [
            None,
            "",
            good[:-1],
            good + "0",
            f" {good}",
            good.upper(),
            good[:-1] + "é",
            self.signature(key="sk_test_other"),
            self.signature(body=b'{"event": "charge.success"}'),
            hmac.new(KEY.encode(), self.BODY, "sha256").hexdigest(),
        ]

        assert not any(paystack.is_signed(self.BODY, forgery) for forgery in forgeries)


class TestPorts:
    def test_are_kept(self, paystack: PaystackGateway, bulkhead: Bulkhead) -> None:
        gateway: PaymentGateway = paystack
        around: GatewayBulkhead = bulkhead

        assert gateway.is_signed(b"", None) is False
        assert (around.breaker_state, around.calls_in_flight) == ("closed", 0)
