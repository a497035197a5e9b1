from itertools import count

import httpx
import pytest
import respx

from app.clients.paystack.gateway import (
    MOST_REFUND_PAGES,
    MOST_STALE_PAGES,
    REFUNDS_A_PAGE,
    PaystackGateway,
)
from app.domain.errors import PaymentGatewayUnavailable, RefundRefused, RefundsTooMany
from app.domain.ports import (
    RefundReport,
    RefundStatus,
)
from tests.clients.conftest import (
    PRICE,
    body_of,
    done,
    list_refunds,
    refund,
    refund_row,
    refused,
)


class TestListRefunds:
    def test_reads_every_page(self, paystack: PaystackGateway, wire: respx.MockRouter) -> None:
        pages = {
            "1": [refund_row(number) for number in range(100, 150)],
            "2": [refund_row(7, status="processed")],
        }

        def list_page(request: httpx.Request) -> httpx.Response:
            assert request.url.params["transaction"] == "5200000001"
            rows = pages[request.url.params["page"]]
            return httpx.Response(200, json=done(rows, meta={"pageCount": 2}))

        wire.get("/refund").mock(side_effect=list_page)

        listed = list_refunds(paystack)

        assert len(listed) == 51
        assert listed[-1] == RefundReport("7", RefundStatus.PROCESSED, PRICE, "refund 7")

    def test_reads_on_to_an_empty_page_when_no_count_is_given(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        wire.get("/refund").mock(
            side_effect=[
                httpx.Response(200, json=done([refund_row(5)])),
                httpx.Response(200, json=done([refund_row(6)])),
                httpx.Response(200, json=done([])),
            ]
        )

        assert [report.id for report in list_refunds(paystack)] == ["5", "6"]

    @pytest.mark.parametrize("answer", [done(None), done({}), done([5])])
    def test_takes_no_list_for_an_empty_one_that_it_cannot_read(
        self, paystack: PaystackGateway, wire: respx.MockRouter, answer: dict[str, object]
    ) -> None:
        wire.get("/refund").respond(json=answer)

        with pytest.raises(PaymentGatewayUnavailable):
            list_refunds(paystack)

    @pytest.mark.parametrize("meta", [{}, {"next": "bmV4dA==", "perPage": 50}, {"pageCount": "x"}])
    def test_ends_a_list_that_tells_the_same_again(
        self, paystack: PaystackGateway, wire: respx.MockRouter, meta: dict[str, object]
    ) -> None:
        route = wire.get("/refund").respond(json=done([refund_row(5)], meta=meta))

        assert [report.id for report in list_refunds(paystack)] == ["5"]
        assert route.call_count == 2

    @pytest.mark.parametrize(
        ("rows", "meta", "calls"),
        [
            ([refund_row(number) for number in range(REFUNDS_A_PAGE)], {}, 2),
            ([refund_row(5)], {"pageCount": 30}, 1 + MOST_STALE_PAGES),
        ],
    )
    def test_takes_no_part_of_a_list_for_the_whole(
        self,
        paystack: PaystackGateway,
        wire: respx.MockRouter,
        rows: list[dict[str, object]],
        meta: dict[str, object],
        calls: int,
    ) -> None:
        route = wire.get("/refund").respond(json=done(rows, meta=meta))

        with pytest.raises(PaymentGatewayUnavailable):
            list_refunds(paystack)

        assert route.call_count == calls

    def test_reads_some_thousands_to_the_end(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        rows = [refund_row(number) for number in range(4_321)]

        def list_page(request: httpx.Request) -> httpx.Response:
            size, page = (int(request.url.params[name]) for name in ("perPage", "page"))
            meta = {"pageCount": -(-len(rows) // size)}
            return httpx.Response(200, json=done(rows[(page - 1) * size : page * size], meta=meta))

        wire.get("/refund").mock(side_effect=list_page)

        assert len(list_refunds(paystack)) == 4_321

    def test_says_of_a_list_without_end_that_a_person_has_to_look(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        numbers = count()
        route = wire.get("/refund").mock(
            side_effect=lambda _: httpx.Response(200, json=done([refund_row(next(numbers))]))
        )

        with pytest.raises(RefundsTooMany) as refusal:
            list_refunds(paystack)

        assert route.call_count == MOST_REFUND_PAGES
        assert f"more than {MOST_REFUND_PAGES * REFUNDS_A_PAGE:,} refunds" in refusal.value.detail

    def test_waits_for_a_rate_limit_between_pages(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        first = httpx.Response(200, json=done([refund_row(5)], meta={"pageCount": 2}))
        second = httpx.Response(200, json=done([refund_row(6)], meta={"pageCount": 2}))
        limit = httpx.Response(429, headers={"retry-after": "0"})
        wire.get("/refund").mock(side_effect=[first, limit, second])

        assert [report.id for report in list_refunds(paystack)] == ["5", "6"]

    def test_tells_each_once_though_new_ones_push_it_to_the_next_page(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        pages = {"1": [8, 7], "2": [7, 6]}

        def list_page(request: httpx.Request) -> httpx.Response:
            rows = [refund_row(number) for number in pages[request.url.params["page"]]]
            return httpx.Response(200, json=done(rows, meta={"pageCount": 2}))

        wire.get("/refund").mock(side_effect=list_page)

        assert [report.id for report in list_refunds(paystack)] == ["8", "7", "6"]

    def test_passes_a_refusal_on(self, paystack: PaystackGateway, wire: respx.MockRouter) -> None:
        wire.get("/refund").respond(400, json=refused("Transaction is not known"))

        with pytest.raises(RefundRefused):
            list_refunds(paystack)

    def test_wants_the_number_of_the_transaction(self, paystack: PaystackGateway) -> None:
        with pytest.raises(ValueError, match="number"):
            paystack.list_refunds(reference="TCK-1", transaction_id="TCK-1")


class TestRefund:
    def test_asks_for_the_amount_under_our_note(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        route = wire.post("/refund").respond(json=done(refund_row(7, transaction={"id": 1})))

        report = refund(paystack)

        assert report == RefundReport("7", RefundStatus.PENDING, PRICE, "refund 7")
        assert body_of(route.calls.last) == {
            "transaction": 5_200_000_001,
            "amount": 500_000,
            "currency": "NGN",
            "merchant_note": "refund 7",
        }

    def test_passes_a_refusal_on(self, paystack: PaystackGateway, wire: respx.MockRouter) -> None:
        wire.post("/refund").respond(400, json=refused("Transaction has been fully reversed"))

        with pytest.raises(RefundRefused) as refusal:
            refund(paystack)

        assert refusal.value.facts["reason"] == "Transaction has been fully reversed"

    def test_wants_the_number_of_the_transaction(self, paystack: PaystackGateway) -> None:
        with pytest.raises(ValueError, match="number"):
            paystack.refund(reference="TCK-1", transaction_id="TCK-1", amount=PRICE, note="n")


class TestFindRefund:
    @pytest.mark.parametrize("status", list(RefundStatus))
    def test_tells_how_it_stands(
        self, paystack: PaystackGateway, wire: respx.MockRouter, status: RefundStatus
    ) -> None:
        row = refund_row(7, status=status.value, amount="500000")
        wire.get("/refund/7").respond(json=done(row))

        assert paystack.find_refund("7") == RefundReport("7", status, PRICE, "refund 7")

    def test_takes_a_new_status_for_pending(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        wire.get("/refund/7").respond(json=done(refund_row(7, status="sleeping")))

        assert paystack.find_refund("7").status is RefundStatus.PENDING

    def test_knows_nothing_about_an_unknown_one(
        self, paystack: PaystackGateway, wire: respx.MockRouter
    ) -> None:
        wire.get("/refund/7").respond(404, json=refused("Refund not found", "not_found"))

        with pytest.raises(PaymentGatewayUnavailable):
            paystack.find_refund("7")

    def test_asks_nothing_about_what_cannot_be_an_id(self, paystack: PaystackGateway) -> None:
        with pytest.raises(PaymentGatewayUnavailable):
            paystack.find_refund("../transaction")
