from datetime import timedelta
from email.utils import format_datetime

import httpx
import pytest
import respx
from structlog.testing import capture_logs

from app.clients.paystack.bulkhead import Bulkhead
from app.clients.paystack.charges import LARGEST_BODY
from app.clients.paystack.gateway import PaystackGateway
from app.domain.errors import ChargeRefused, PaymentGatewayUnavailable
from app.domain.ports import ChargeStatus
from tests.clients.conftest import KEY, NOW, done, refused, start_charge, transaction


class TestOutages:
    @pytest.mark.parametrize("status", [500, 502, 503, 504])
    def test_open_the_breaker(
        self, paystack: PaystackGateway, bulkhead: Bulkhead, wire: respx.MockRouter, status: int
    ) -> None:
        route = wire.post("/transaction/initialize").respond(status, json=refused("Sorry"))

        for _ in range(5):
            with pytest.raises(PaymentGatewayUnavailable) as unavailable:
                start_charge(paystack)

        assert route.call_count == 3
        assert unavailable.value.retry_after > timedelta(seconds=25)
        assert unavailable.value.facts == {"reference": "TCK-1"}
        assert bulkhead.breaker_state == "open"

    @pytest.mark.parametrize(
        "text",
        [
            "<html>Sign in to the network</html>",
            "",
            "{}",
            "[]",
            '{"status": tr',
            '{"status": "true"}',
            "[" * 100_000,
        ],
    )
    def test_are_successes_that_are_not_paystacks_too(
        self, paystack: PaystackGateway, bulkhead: Bulkhead, wire: respx.MockRouter, text: str
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(200, text=text)

        for _ in range(3):
            with pytest.raises(PaymentGatewayUnavailable):
                paystack.find_charge("TCK-1")

        assert bulkhead.breaker_state == "open"

    @pytest.mark.parametrize(
        "response",
        [
            httpx.Response(200, content=b" " * (LARGEST_BODY + 1)),
            httpx.Response(200, headers={"content-encoding": "gzip"}, stream=httpx.ByteStream(b"")),
            httpx.Response(302, headers={"location": "https://elsewhere.example"}),
        ],
    )
    def test_are_answers_we_do_not_read_too(
        self,
        paystack: PaystackGateway,
        bulkhead: Bulkhead,
        wire: respx.MockRouter,
        response: httpx.Response,
    ) -> None:
        wire.get("/transaction/verify/TCK-1").mock(return_value=response)

        for _ in range(3):
            with pytest.raises(PaymentGatewayUnavailable):
                paystack.find_charge("TCK-1")

        assert bulkhead.breaker_state == "open"

    @pytest.mark.parametrize(
        ("status", "message"),
        [
            (400, "Invalid Amount Sent"),
            (401, "Invalid key"),
            (403, "Address"),
            (404, "No"),
            (429, "Rate"),
        ],
    )
    def test_are_not_what_paystack_refuses(
        self,
        paystack: PaystackGateway,
        bulkhead: Bulkhead,
        wire: respx.MockRouter,
        status: int,
        message: str,
    ) -> None:
        route = wire.post("/transaction/initialize").respond(status, json=refused(message))

        for _ in range(5):
            with pytest.raises((ChargeRefused, PaymentGatewayUnavailable)):
                start_charge(paystack)

        assert route.call_count == 5
        assert bulkhead.breaker_state == "closed"


class TestRefusedKey:
    def test_is_an_error_in_the_log_without_the_key(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        wire.post("/transaction/initialize").respond(401, json=refused("Invalid key"))

        with capture_logs() as events, pytest.raises(PaymentGatewayUnavailable):
            start_charge(paystack)

        assert events[0]["log_level"] == "error"
        assert KEY not in str(events)
        assert "ada@example.com" not in str(events)


class TestRateLimit:
    @pytest.mark.parametrize(
        ("reset", "pause"),
        [
            ("42", 42),
            ("0", 1),
            ("-5", 1),
            ("100000", 300),
            ("nan", 1),
            ("inf", 300),
            (str(int(NOW.timestamp()) + 30), 30),
            (str(int(NOW.timestamp()) - 30), 1),
            ("soon", 60),
            (None, 60),
        ],
    )
    def test_tells_when_to_come_back(
        self, paystack: PaystackGateway, wire: respx.MockRouter, reset: str | None, pause: int
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(
            429,
            headers={} if reset is None else {"x-ratelimit-reset": reset},
            json=refused("Rate limit exceeded!", "rate_limited"),
        )

        with pytest.raises(PaymentGatewayUnavailable) as unavailable:
            paystack.find_charge("TCK-1")

        assert unavailable.value.retry_after == timedelta(seconds=pause)

    @pytest.mark.parametrize(
        ("headers", "pause"),
        [
            ({"retry-after": "7"}, 7),
            ({"retry-after": "7", "x-ratelimit-reset": "42"}, 7),
            ({"retry-after": format_datetime(NOW + timedelta(seconds=90))}, 90),
            ({"retry-after": format_datetime(NOW - timedelta(days=1))}, 1),
            ({"retry-after": "Mon, 99 Xxx 9999"}, 60),
        ],
    )
    def test_tells_what_the_standard_header_says(
        self,
        paystack: PaystackGateway,
        wire: respx.MockRouter,
        headers: dict[str, str],
        pause: int,
    ) -> None:
        wire.get("/transaction/verify/TCK-1").respond(429, headers=headers, json=refused("No"))

        with pytest.raises(PaymentGatewayUnavailable) as unavailable:
            paystack.find_charge("TCK-1")

        assert unavailable.value.retry_after == timedelta(seconds=pause)

    def test_is_waited_for_by_a_patient_call(
        self, paystack: PaystackGateway, wire: respx.MockRouter, waited: list[float]
    ) -> None:
        busy = httpx.Response(429, headers={"retry-after": "7"}, json=refused("Too often"))
        answer = httpx.Response(200, json=done(transaction()))
        wire.get("/transaction/verify/TCK-1").mock(side_effect=[busy, answer])

        assert paystack.find_charge("TCK-1", patient=True).status == ChargeStatus.PAID
        assert waited == [7]
