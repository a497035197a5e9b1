"""Notes on an order over HTTP and in the console."""

import httpx
import pytest

from app.domain.ids import EventId, OrderId
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.steps.browsing import Visitor, hidden_in, mistake_at
from tests.steps.console import signed_in
from tests.support.factories import Factory

pytestmark = one_database

HOSTILE = "</p><script>alert(1)</script>\n=1+1"


class TestApi:
    @pytest.fixture
    def path(self, make: Factory, organizer: Person, ada: Person) -> str:
        event = make.event(organizer=organizer.user)
        return f"/events/{event.id}/orders/{make.buy(ada.user, event.id).order.id}/notes"

    def test_writes_and_lists(self, api: httpx.Client, organizer: Person, path: str) -> None:
        made = api.post(path, json={"text": "  Called.\nTwice. "}, headers=organizer.headers)

        listed = api.get(path, headers=organizer.headers).json()

        assert made.status_code == 201
        assert listed == [made.json()]
        assert listed[0]["text"] == "Called.\nTwice."
        assert listed[0]["author"] == organizer.user.username

    def test_writes_one_note_for_one_key(
        self, api: httpx.Client, organizer: Person, path: str
    ) -> None:
        headers = {**organizer.headers, "Idempotency-Key": "a"}

        answers = [api.post(path, json={"text": "x"}, headers=headers) for _ in range(2)]

        assert answers[0].json() == answers[1].json()
        assert len(api.get(path, headers=organizer.headers).json()) == 1

    @pytest.mark.parametrize("text", ["", "   ", "x" * 2001, "a\x00b", "\ud800", 5, None], ids=repr)
    def test_refuses_what_is_no_note(
        self, api: httpx.Client, organizer: Person, path: str, text: object
    ) -> None:
        body = '{"text": "\\ud800"}' if text == "\ud800" else None
        content = {"content": body} if body else {"json": {"text": text}}
        headers = {**organizer.headers, "Content-Type": "application/json"}

        answer = api.post(path, headers=headers, **content)

        assert code_of(answer) == (422, "validation-failed")
        assert api.get(path, headers=organizer.headers).json() == []

    def test_is_not_shown_to_the_buyer(
        self, api: httpx.Client, organizer: Person, ada: Person, path: str
    ) -> None:
        api.post(path, json={"text": "Rude on the phone"}, headers=organizer.headers)
        order = path.split("/")[4]

        shown = api.get(f"/orders/{order}", headers=ada.headers).text

        assert "Rude" not in shown
        assert api.get(path, headers=ada.headers).status_code == 404


class TestConsole:
    @pytest.fixture
    def path(self, visitor: Visitor, seller: User, make: Factory) -> str:
        event = make.event(organizer=seller)
        path = f"/manage/events/{event.id}/orders/{make.buy(make.user(), event.id).order.id}"
        visitor.open(path)
        return path

    def test_shows_a_note_as_text(self, visitor: Visitor, seller: User, path: str) -> None:
        answer = visitor.post(f"{path}/notes", text=HOSTILE)
        page = visitor.open(path)

        assert answer.headers["location"] == f"{path}#notes"
        assert "&lt;/p&gt;&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert seller.username in page

    def test_tells_what_is_wrong_beside_the_field_and_keeps_what_was_typed(
        self, visitor: Visitor, path: str
    ) -> None:
        empty = visitor.post(f"{path}/notes", 422, text="  ").text
        long = visitor.post(f"{path}/notes", 422, text="y" * 2001).text

        assert mistake_at(empty, "text")
        assert mistake_at(long, "text")
        assert "y" * 2001 in long

    def test_is_written_once_by_a_button_pressed_twice(self, visitor: Visitor, path: str) -> None:
        for _ in range(2):
            token = hidden_in(visitor.open(path), "form_token")
            for _ in range(2):
                visitor.post(f"{path}/notes", text="Called, no answer.", form_token=token)

        assert visitor.open(path).count("Called, no answer.") == 2

    def test_is_the_organization_s(
        self, visitor: Visitor, make: Factory, services: Services, seller: User, path: str
    ) -> None:
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        rival.post(f"{path}/notes", 404, text="x")

        event_id, order_id = path.split("/")[3], path.split("/")[5]
        found = services.event_orders.notes(
            event_id=EventId(int(event_id)),
            organizer=seller,
            order_id=OrderId(int(order_id)),
        )
        assert found == []
