"""Corrections over HTTP and in the console."""

import httpx
import pytest

from app.domain.ids import OrderId
from app.http.services import Services
from app.models.users.users import User
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.steps.browsing import Visitor, mistake_at
from tests.steps.console import id_in, signed_in
from tests.steps.selling import BoxOffice
from tests.support.factories import Factory

pytestmark = one_database

HOSTILE = "<script>alert(1)</script>"


class TestApi:
    @pytest.fixture
    def path(self, services: Services, make: Factory, organizer: Person) -> str:
        event = make.event(organizer=organizer.user)
        sold = BoxOffice(services, organizer.user, event.id).sell()
        return f"/events/{event.id}/orders/{sold.order.id}"

    def test_moves_the_order_and_says_where_it_is_now(
        self, api: httpx.Client, organizer: Person, path: str
    ) -> None:
        answer = api.patch(
            f"{path}/buyer", json={"email": "chi.eze@example.com"}, headers=organizer.headers
        )

        assert answer.status_code == 200, answer.text
        assert answer.json()["buyer"]["email"] == "chi.eze@example.com"
        (note,) = api.get(f"{path}/notes", headers=organizer.headers).json()
        assert "chi@example.com" in note["text"]

    def test_refuses_an_account_s_order(
        self, api: httpx.Client, make: Factory, organizer: Person, ada: Person
    ) -> None:
        event = make.event(organizer=organizer.user)
        order = make.buy(ada.user, event.id).order

        answer = api.patch(
            f"/events/{event.id}/orders/{order.id}/buyer",
            json={"email": "x@example.com"},
            headers=organizer.headers,
        )

        assert code_of(answer) == (409, "buyer-keeps-address")

    @pytest.mark.parametrize("name", [5, "", "x" * 121, "a\nb", "www.example.com", "a\u202eb"])
    def test_refuses_what_is_no_name(
        self, api: httpx.Client, organizer: Person, path: str, name: object
    ) -> None:
        (ticket_id,) = api.get(path, headers=organizer.headers).json()["ticket_ids"]

        answer = api.patch(
            f"{path}/tickets/{ticket_id}",
            json={"attendee_name": name},
            headers=organizer.headers,
        )

        assert code_of(answer) == (422, "validation-failed")


class TestConsole:
    @pytest.fixture
    def path(self, visitor: Visitor, seller: User, services: Services, make: Factory) -> str:
        event = make.event(organizer=seller)
        sold = BoxOffice(services, seller, event.id).sell()
        path = f"/manage/events/{event.id}/orders/{sold.order.id}"
        visitor.open(path)
        return path

    def test_corrects_the_name_and_the_address(
        self, visitor: Visitor, services: Services, seller: User, path: str
    ) -> None:
        (ticket,) = self.tickets(services, seller, path)

        visitor.post(f"{path}/tickets/{ticket}", **{f"name-{ticket}": HOSTILE})
        page = visitor.open(path)
        assert HOSTILE not in page
        assert "&lt;script&gt;" in page
        visitor.post(f"{path}/buyer", email="chi.eze@example.com")

        assert "chi.eze@example.com" in visitor.open(path)

    def test_tells_what_is_wrong_beside_the_field(
        self, visitor: Visitor, services: Services, seller: User, path: str
    ) -> None:
        (ticket,) = self.tickets(services, seller, path)
        name = f"name-{ticket}"

        long = visitor.post(f"{path}/tickets/{ticket}", 422, **{name: "y" * 121}).text
        assert mistake_at(long, name)
        assert mistake_at(visitor.post(f"{path}/buyer", 422, email="chi").text, "email")
        same = visitor.post(f"{path}/buyer", 422, email="chi@example.com").text
        assert "differ" in mistake_at(same, "email")

    def test_is_the_organization_s(
        self, visitor: Visitor, services: Services, seller: User, make: Factory, path: str
    ) -> None:
        (ticket,) = self.tickets(services, seller, path)
        rival = signed_in(visitor, make.user())

        rival.post(f"{path}/buyer", 404, email="x@example.com")
        rival.post(f"{path}/tickets/{ticket}", 404, **{f"name-{ticket}": "X"})

    @staticmethod
    def tickets(services: Services, seller: User, path: str) -> list[int]:
        event_path, _, order = path.partition("/orders/")
        shown = services.event_orders.show(
            event_id=id_in(event_path),
            organizer=seller,
            order_id=OrderId(int(order)),
        )
        return [ticket.id for ticket in shown.detail.tickets]
