from datetime import UTC, datetime, timedelta, timezone

import httpx
import pytest
import respx

from app.clients.paystack.charges import MOST_PAUSES
from app.clients.paystack.gateway import PaystackGateway
from app.domain.errors import PaymentGatewayFenced, PaymentGatewayUnavailable
from app.domain.money import Money
from app.domain.ports import ChargeReport, ChargeStatus, UnreadableCharge
from tests.clients.conftest import NOW, PRICE, done, refused, transaction


def references(paystack: PaystackGateway) -> list[str]:
    return [report.reference for report in paystack.list_charges(since=None)]


class TestListCharges:
    def test_tells_each_as_paystack_does(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        unpaid = transaction(reference="TCK-2", status="abandoned", fees=None, paid_at=None)
        wire.get("/transaction").respond(json=done([transaction(), unpaid], meta={"pageCount": 1}))

        paid, open_ = paystack.list_charges(since=None)

        assert isinstance(open_, ChargeReport)
        assert paid == ChargeReport(
            status=ChargeStatus.PAID,
            reference="TCK-1",
            amount=PRICE,
            transaction_id="5200000001",
            fee_minor=17_500,
            paid_at=NOW + timedelta(seconds=5),
            reason="Successful",
        )
        assert (open_.status, open_.amount, open_.fee_minor, open_.paid_at) == (
            ChargeStatus.OPEN,
            Money(500_000, "NGN"),
            None,
            None,
        )

    def test_asks_for_what_was_opened_since_in_utc(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        route = wire.get("/transaction").respond(json=done([], meta={"pageCount": 0}))
        lagos = timezone(timedelta(hours=1))

        list(paystack.list_charges(since=datetime(2026, 11, 1, 1, 30, tzinfo=lagos)))

        asked = route.calls.last.request.url.params
        assert datetime.fromisoformat(asked["from"]) == datetime(2026, 11, 1, 0, 30, tzinfo=UTC)

    def test_reads_every_page_and_tells_each_charge_once(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        # One was opened between the two calls, and pushed TCK-2 to the second page.
        pages = {"1": ["TCK-3", "TCK-2"], "2": ["TCK-2", "TCK-1"]}

        def list_page(request: httpx.Request) -> httpx.Response:
            rows = [transaction(reference=name) for name in pages[request.url.params["page"]]]
            return httpx.Response(200, json=done(rows, meta={"pageCount": 2}))

        wire.get("/transaction").mock(side_effect=list_page)

        assert references(paystack) == ["TCK-3", "TCK-2", "TCK-1"]

    def test_reads_on_to_an_empty_page_when_no_count_is_given(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        route = wire.get("/transaction").mock(
            side_effect=[
                httpx.Response(200, json=done([transaction(reference="TCK-2")])),
                httpx.Response(200, json=done([transaction(reference="TCK-1")])),
                httpx.Response(200, json=done([])),
            ]
        )

        assert references(paystack) == ["TCK-2", "TCK-1"]
        assert route.call_count == 3

    def test_asks_for_no_page_before_it_is_wanted(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        route = wire.get("/transaction").respond(json=done([transaction()], meta={"pageCount": 2}))

        next(paystack.list_charges(since=None))

        assert route.call_count == 1

    @pytest.mark.parametrize(
        "answer",
        [
            done(None),
            done({}),
            done("x"),
        ],
    )
    def test_refuses_a_list_it_does_not_understand(
        self, paystack: PaystackGateway, wire: respx.MockRouter, answer: dict[str, object]
    ) -> None:
        wire.get("/transaction").respond(json=answer)

        with pytest.raises(PaymentGatewayUnavailable):
            references(paystack)

    @pytest.mark.parametrize(
        ("row", "unreadable"),
        [
            (5, UnreadableCharge("", "an object is missing")),
            (transaction(reference=None), UnreadableCharge("", "reference is no text")),
            (transaction(amount=-1), UnreadableCharge("TCK-1", "amount is out of range")),
            (transaction(currency=None), UnreadableCharge("TCK-1", "currency is no text")),
        ],
    )
    def test_tells_of_a_row_it_cannot_read_and_goes_on(
        self,
        paystack: PaystackGateway,
        wire: respx.MockRouter,
        row: object,
        unreadable: UnreadableCharge,
    ) -> None:
        rows = [row, transaction(reference="TCK-2")]
        wire.get("/transaction").respond(json=done(rows, meta={"pageCount": 1}))

        odd, good = paystack.list_charges(since=None)

        assert odd == unreadable
        assert good.reference == "TCK-2"

    @pytest.mark.parametrize("meta", [{}, {"next": "bmV4dA==", "perPage": 100}, {"pageCount": "x"}])
    def test_ends_a_list_that_tells_the_same_again(
        self, paystack: PaystackGateway, wire: respx.MockRouter, meta: dict[str, object]
    ) -> None:
        route = wire.get("/transaction").respond(json=done([transaction()], meta=meta))

        assert references(paystack) == ["TCK-1"]
        assert route.call_count == 2

    def test_ends_a_list_of_many_pages_that_tells_the_same_again(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        meta = {"pageCount": 1_000}
        route = wire.get("/transaction").respond(json=done([transaction()], meta=meta))

        assert references(paystack) == ["TCK-1"]
        assert route.call_count == 4

    def test_reads_pages_of_a_hundred_long_rows(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        rows = [transaction(reference=f"TCK-{n}", log="x" * 13_000) for n in range(100)]
        wire.get("/transaction").respond(json=done(rows, meta={"pageCount": 1}))

        assert len(references(paystack)) == 100

    def test_waits_for_a_rate_limit_and_goes_on(
        self, paystack: PaystackGateway, wire: respx.MockRouter, waited: list[float]
    ) -> None:
        busy = httpx.Response(429, headers={"x-ratelimit-reset": "3"}, json=refused("Too often"))
        page = httpx.Response(200, json=done([transaction()], meta={"pageCount": 1}))
        wire.get("/transaction").mock(side_effect=[busy, busy, page])

        assert references(paystack) == ["TCK-1"]
        assert waited == [3, 3]

    def test_gives_a_rate_limit_up_that_never_ends(
        self, paystack: PaystackGateway, wire: respx.MockRouter, waited: list[float]
    ) -> None:
        wire.get("/transaction").respond(429, json=refused("Too often"))

        with pytest.raises(PaymentGatewayUnavailable):
            references(paystack)

        assert waited == [60] * MOST_PAUSES

    @pytest.mark.parametrize("status", [400, 401, 503])
    def test_refuses_a_list_without_its_end(
        self, paystack: PaystackGateway, wire: respx.MockRouter, status: int
    ) -> None:
        wire.get("/transaction").mock(
            side_effect=[
                httpx.Response(200, json=done([transaction()], meta={"pageCount": 2})),
                httpx.Response(status, json=refused("No")),
            ]
        )

        with pytest.raises(PaymentGatewayUnavailable):
            references(paystack)

    def test_stands_behind_the_bulkhead(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        route = wire.get("/transaction").respond(503)
        for _ in range(3):
            with pytest.raises(PaymentGatewayUnavailable):
                references(paystack)

        with pytest.raises(PaymentGatewayFenced):
            references(paystack)

        assert route.call_count == 3
