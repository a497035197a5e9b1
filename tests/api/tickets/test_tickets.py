import base64

import httpx
import pytest

from app.domain.ids import EventId
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory
from tests.support.pictures import codes_in

PNG, JSON = "image/png", "application/json"
PDF, SVG = "application/pdf", "image/svg+xml"


@pytest.fixture
def ticket(api: httpx.Client, make: Factory, ada: Person) -> int:
    return make.buy(ada.user, make.event().id).tickets[0].id


def show(api: httpx.Client, person: Person, ticket: int, accept: str = "*/*") -> httpx.Response:
    return api.get(f"/tickets/{ticket}", headers={**person.headers, "Accept": accept})


class TestShow:
    @one_database
    @pytest.mark.parametrize(
        ("accept", "media_type"),
        [
            ("*/*", PNG),
            ("", PNG),
            ("image/png", PNG),
            ("image/*", PNG),
            ("IMAGE/PNG", PNG),
            ("application/json", JSON),
            ("application/*", JSON),
            ("application/pdf", PDF),
            ("image/svg+xml", SVG),
            ("application/pdf, application/json;q=0.9", PDF),
            ("image/svg+xml, image/*;q=0.5", SVG),
            ("application/json, */*", PNG),
            ("application/json, */*;q=0.1", JSON),
            ("application/json;q=0.9, image/png;q=0.8", JSON),
            ("application/json;q=0.5, image/*;q=0.6", PNG),
            ("image/png;q=0, */*", JSON),
            ("image/png;q=0, image/*", SVG),
            ("text/html, application/json;q=0.001", JSON),
            ("text/html,application/xhtml+xml,image/webp,*/*;q=0.8", PNG),
            ("application/json; charset=utf-8", JSON),
        ],
    )
    def test_answers_in_the_form_asked_for(
        self, api: httpx.Client, ada: Person, ticket: int, accept: str, media_type: str
    ) -> None:
        answer = show(api, ada, ticket, accept)

        assert answer.status_code == 200
        assert answer.headers["content-type"] == media_type
        assert answer.headers["vary"] == "Accept"
        assert "private" in answer.headers["cache-control"]

    @one_database
    @pytest.mark.parametrize(
        "accept", ["image/jpeg", "image/png;q=0", "*/*;q=0", "nonsense", ";;,"]
    )
    def test_refuses_forms_it_has_not(
        self, api: httpx.Client, ada: Person, ticket: int, accept: str
    ) -> None:
        assert code_of(show(api, ada, ticket, accept)) == (406, "not-acceptable")

    @one_database
    def test_refuses_a_page_with_a_page(self, api: httpx.Client, ada: Person, ticket: int) -> None:
        answer = show(api, ada, ticket, "text/html")

        assert answer.status_code == 406
        assert answer.headers["content-type"].startswith("text/html")

    def test_draws_the_code_that_is_in_the_json(
        self, api: httpx.Client, ada: Person, ticket: int
    ) -> None:
        picture = show(api, ada, ticket)
        described = show(api, ada, ticket, JSON).json()

        assert codes_in(picture.content) == [described["code"]]
        assert base64.b64decode(described["qr_code_base64"]) == picture.content
        assert picture.headers["content-disposition"].startswith("inline")

    def test_says_what_the_ticket_is_for(self, api: httpx.Client, ada: Person, ticket: int) -> None:
        answer = show(api, ada, ticket, JSON).json()

        del answer["qr_code_base64"], answer["code"], answer["short_code"]
        assert answer == {
            "id": ticket,
            "user_id": ada.user.id,
            "event_id": 1,
            "event_title": "Lagos Jazz Night",
            "event_location": "Freedom Park, Lagos",
            "event_date": "2027-03-31T12:00:00Z",
            "event_all_day": False,
            "purchase_date": "2027-03-01T12:00:00Z",
            "is_used": False,
            "is_revoked": False,
            "is_refunded": False,
            "status": "valid",
        }

    def test_is_for_its_holder_only(
        self, api: httpx.Client, bola: Person, admin: Person, ticket: int
    ) -> None:
        for stranger in (bola, admin):
            for accept in (PNG, JSON):
                answer = show(api, stranger, ticket, accept)
                assert code_of(answer) == (404, "ticket-not-found")
        assert code_of(api.get(f"/tickets/{ticket}")) == (401, "not-logged-in")

    def test_carries_a_code_that_tells_nothing(
        self, api: httpx.Client, make: Factory, ada: Person, ticket: int
    ) -> None:
        other = make.buy(ada.user, EventId(1)).tickets[0].id

        codes = [show(api, ada, number, JSON).json()["code"] for number in (ticket, other)]

        assert codes[0] != codes[1]
        assert all(len(code) >= 22 for code in codes), "128 bits take 22 characters of base64"


class TestList:
    def test_shows_mine_the_newest_first_page_by_page(
        self, api: httpx.Client, make: Factory, ada: Person, bola: Person
    ) -> None:
        event = make.event()
        mine = [make.buy(ada.user, event.id).tickets[0].id for _ in range(5)]
        make.buy(bola.user, event.id)

        met, path = [], "/tickets/?limit=2"
        while path:
            answer = api.get(path, headers=ada.headers)
            met += [ticket["id"] for ticket in answer.json()]
            path = answer.links.get("next", {}).get("url", "")

        assert met == mine[::-1]

    def test_is_empty_at_first(self, api: httpx.Client, ada: Person) -> None:
        answer = api.get("/tickets/", headers=ada.headers)

        assert answer.json() == []
        assert "link" not in answer.headers

    @pytest.mark.parametrize(
        "query", [{"limit": "0"}, {"limit": "101"}, {"cursor": "x"}, {"user_id": "1"}]
    )
    @one_database
    def test_refuses_odd_queries(
        self, api: httpx.Client, ada: Person, query: dict[str, str]
    ) -> None:
        assert api.get("/tickets/", params=query, headers=ada.headers).status_code == 422
