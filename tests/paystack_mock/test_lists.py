from datetime import timedelta

import pytest

from tests.paystack_mock.conftest import FakeClock, Shop


def references(shop: Shop, **query: str | int) -> list[str]:
    return [row["reference"] for row in shop.get("/transaction", **query).json()["data"]]


class TestListTransactions:
    def test_comes_newest_first_in_pages(self, shop: Shop) -> None:
        for number in range(5):
            shop.initialize(reference=f"R{number}", amount=100)

        answer = shop.get("/transaction", perPage=2, page=2).json()

        assert answer["message"] == "Transactions retrieved"
        assert [row["reference"] for row in answer["data"]] == ["R2", "R1"]
        assert answer["meta"] == {
            "total": 5,
            "total_volume": 500,
            "skipped": 2,
            "perPage": 2,
            "page": 2,
            "pageCount": 3,
        }

    def test_takes_fifty_unless_told(self, shop: Shop) -> None:
        assert shop.get("/transaction").json()["meta"]["perPage"] == 50
        assert shop.get("/transaction/", per_page=3).json()["meta"]["perPage"] == 3

    def test_walks_by_cursor_there_and_back(self, shop: Shop) -> None:
        for number in range(5):
            shop.initialize(reference=f"R{number}")

        first = shop.get("/transaction", use_cursor="true", perPage=2).json()
        second = shop.get(
            "/transaction", use_cursor="true", perPage=2, next=first["meta"]["next"]
        ).json()
        third = shop.get(
            "/transaction", use_cursor="true", perPage=2, next=second["meta"]["next"]
        ).json()
        back = shop.get(
            "/transaction", use_cursor="true", perPage=2, previous=second["meta"]["previous"]
        ).json()

        pages = [[row["reference"] for row in page["data"]] for page in (first, second, third)]
        assert pages == [["R4", "R3"], ["R2", "R1"], ["R0"]]
        assert (first["meta"]["previous"], third["meta"]["next"]) == (None, None)
        assert set(first["meta"]) == {"next", "previous", "perPage"}
        assert [row["reference"] for row in back["data"]] == ["R4", "R3"]
        assert back["meta"]["previous"] is None

    def test_filters(self, shop: Shop, clock: FakeClock) -> None:
        ada = shop.open(reference="ADA", email="ada@example.com", amount=100)
        clock.advance(timedelta(days=1))
        shop.open(reference="BOB", email="declined@example.com", amount=200)

        assert references(shop, status="failed") == ["BOB"]
        assert references(shop, amount=100) == ["ADA"]
        assert references(shop, customer=ada["customer"]["id"]) == ["ADA"]
        assert references(shop, customer=ada["customer"]["customer_code"]) == []
        assert references(shop, **{"from": "2026-11-02"}) == ["BOB"]
        assert references(shop, to="2026-11-01T23:59:59.000Z") == ["ADA"]
        assert references(shop, channel="bank") == []

    def test_reads_a_json_body_too(self, shop: Shop) -> None:
        shop.initialize(reference="A", amount=100)
        shop.initialize(reference="B", amount=200)

        answer = shop.call("GET", "/transaction", json={"amount": 200})

        assert [row["reference"] for row in answer.json()["data"]] == ["B"]

    @pytest.mark.parametrize(
        "query",
        [
            {"perPage": "0"},
            {"perPage": "many"},
            {"page": "-1"},
            {"from": "soon"},
            {"from": "2026-13-01"},
            {"amount": "x"},
            {"use_cursor": "true", "next": "%%%"},
        ],
    )
    def test_refuses_a_query_it_cannot_read(self, shop: Shop, query: dict[str, str]) -> None:
        answer = shop.get("/transaction", **query)

        assert answer.status_code == 400
        assert answer.json()["status"] is False

    @pytest.mark.parametrize(
        "query",
        [
            {"page": "9" * 30},
            {"perPage": "9" * 30, "page": "9" * 30},
            {"customer": "9" * 30},
            {"to": "9" * 30},
            {"amount": "9" * 30},
        ],
    )
    def test_finds_nothing_beyond_all_numbers(self, shop: Shop, query: dict[str, str]) -> None:
        assert shop.get("/transaction", **query).json()["data"] == []


class TestFetchTransaction:
    def test_finds_by_id(self, shop: Shop) -> None:
        opened = shop.open()

        answer = shop.get(f"/transaction/{opened['id']}").json()

        assert answer["message"] == "Transaction retrieved"
        assert answer["data"]["reference"] == "R1"
        assert answer["data"]["helpdesk_link"] is None

    @pytest.mark.parametrize("id", ["5", "9" * 18, "9" * 19, "9" * 40])
    def test_answers_404_for_an_unknown_id(self, shop: Shop, id: str) -> None:
        answer = shop.get(f"/transaction/{id}")

        assert (answer.status_code, answer.json()["message"]) == (404, "Transaction not found")

    def test_answers_400_for_an_id_that_is_no_number(self, shop: Shop) -> None:
        answer = shop.get("/transaction/R1")

        assert answer.status_code == 400
        assert answer.json()["message"] == "Transaction ID should be numeric."
