"""The organizer's desk over HTTP and in the console."""

import re
from typing import Any

import httpx
import pytest

from app.domain.orders.orders import OrderFilter
from app.domain.permissions import OrganizationRole
from app.domain.states import OrderKind, RefundState, Role
from app.http.services import Services
from app.models.orders.orders import Order
from app.models.users.users import User
from tests.api.answers import code_of
from tests.api.conftest import Person
from tests.steps.browsing import Visitor, mistake_at
from tests.steps.console import id_in, signed_in
from tests.steps.organizations import Band
from tests.steps.selling import BoxOffice
from tests.support.factories import Factory
from tests.support.fakes import FakeMailer

BODY: dict[str, Any] = {
    "kind": "cash",
    "name": "Chi Eze",
    "email": "chi@example.com",
    "items": [{"ticket_type_id": 1, "quantity": 2, "attendees": ["Chi Eze", "Uju Eze"]}],
}
TOKEN = re.compile(r'name="form_token" value="([^"]+)"')
HOSTILE = '"><script>alert(1)</script>'


class TestApi:
    @pytest.fixture
    def path(self, make: Factory, organizer: Person) -> str:
        return f"/events/{make.event(organizer=organizer.user).id}/orders"

    def test_tells_of_the_order_and_its_tickets(
        self, api: httpx.Client, organizer: Person, path: str
    ) -> None:
        answer = api.post(path, json=BODY, headers=organizer.headers)

        made = answer.json()
        assert answer.status_code == 201
        assert (made["kind"], made["status"], made["total"]["amount"]) == ("cash", "paid", 500_000)
        assert len(made["ticket_ids"]) == 2
        assert made["payments"][0]["authorization_url"] is None
        assert made["history"][-1]["actor"] == f"user:{organizer.user.id}"
        (listed,) = api.get(path, headers=organizer.headers).json()
        assert (listed["kind"], listed["email"]) == ("cash", "chi@example.com")

    def test_happens_once_for_one_key(
        self, api: httpx.Client, organizer: Person, path: str
    ) -> None:
        headers = {**organizer.headers, "Idempotency-Key": "at-the-door"}

        answers = [api.post(path, json=BODY, headers=headers) for _ in range(2)]

        assert answers[0].json() == answers[1].json()
        assert len(api.get(path, headers=organizer.headers).json()) == 1

    @pytest.mark.parametrize(
        ("change", "refusal"),
        [
            ({"kind": "online"}, (422, "validation-failed")),
            ({"kind": "gift"}, (422, "validation-failed")),
            ({"items": []}, (422, "validation-failed")),
            ({"email": "chi"}, (422, "validation-failed")),
            ({"name": "www.example.com"}, (422, "validation-failed")),
            ({"name": "Chi\u202eEze"}, (422, "validation-failed")),
            ({"reason": "x\x00"}, (422, "validation-failed")),
            ({"items": [{"ticket_type_id": 1, "quantity": 51}]}, (422, "validation-failed")),
            ({"items": [{"ticket_type_id": 99, "quantity": 1}]}, (404, "ticket-type-not-found")),
            (
                {"items": [{"ticket_type_id": 1, "quantity": 1, "attendees": ["A", "B"]}]},
                (422, "order-value-invalid"),
            ),
            ({"items": BODY["items"] * 2}, (422, "order-value-invalid")),
        ],
    )
    def test_refuses_what_is_no_order(
        self,
        api: httpx.Client,
        organizer: Person,
        path: str,
        change: dict[str, Any],
        refusal: tuple[int, str],
    ) -> None:
        answer = api.post(path, json={**BODY, **change}, headers=organizer.headers)

        assert code_of(answer) == refusal
        assert api.get(path, headers=organizer.headers).json() == []

    def test_keeps_buyers_from_asking_for_cash_back(
        self, api: httpx.Client, organizer: Person, ada: Person, path: str
    ) -> None:
        body = {**BODY, "email": ada.user.email}
        order = api.post(path, json=body, headers=organizer.headers).json()
        api.post("/token", data={"username": "ada", "password": "correct horse battery"})
        assert [one["id"] for one in api.get("/orders/", headers=ada.headers).json()] == [
            order["id"]
        ]

        answer = api.post(f"/orders/{order['id']}/refunds", json={}, headers=ada.headers)

        assert code_of(answer) == (409, "paid-in-cash")


def orders(services: Services, organizer: User, path: str) -> list[Order]:
    page = services.event_orders.page(
        event_id=id_in(path), organizer=organizer, which=OrderFilter(), after=None, limit=20
    )
    return [one.order for one in page.items]


class TestConsole:
    @pytest.fixture
    def event(self, make: Factory, seller: User) -> str:
        return f"/manage/events/{make.event(organizer=seller, capacity=5).id}"

    @pytest.fixture
    def form(self, visitor: Visitor, event: str) -> dict[str, str]:
        """What the form has, filled in for two tickets in cash."""
        page = visitor.open(f"{event}/desk")
        (type_id,) = re.findall(r'name="quantity-([0-9]+)"', page)
        found = TOKEN.search(page)
        assert found is not None
        return {
            "kind": "cash",
            "name": "Chi Eze",
            "email": "chi@example.com",
            "form_token": found.group(1),
            f"quantity-{type_id}": "2",
        }

    def test_is_one_link_away_and_leads_to_the_order(
        self,
        visitor: Visitor,
        services: Services,
        seller: User,
        make: Factory,
        mailer: FakeMailer,
        event: str,
        form: dict[str, str],
    ) -> None:
        assert f'href="{event}/desk"' in visitor.open(event)
        visitor.open(f"{event}/desk")

        answer = visitor.post(f"{event}/desk", **form, reason="At the door")
        make.work()

        (order,) = orders(services, seller, event)
        assert answer.headers["location"] == f"{event}/orders/{order.id}"
        assert (order.kind, order.quantity) == (OrderKind.CASH, 2)
        page = visitor.open(f"{event}/orders/{order.id}")
        assert "paid in cash" in page
        assert "At the door" in page
        assert mailer.sent == []  # the box was not ticked

    def test_sells_once_when_the_form_is_sent_twice_and_again_when_it_is_opened_again(
        self,
        visitor: Visitor,
        services: Services,
        seller: User,
        event: str,
        form: dict[str, str],
    ) -> None:
        first, second = (visitor.post(f"{event}/desk", **form) for _ in range(2))
        assert first.headers["location"] == second.headers["location"]
        assert len(orders(services, seller, event)) == 1

        page = visitor.open(f"{event}/desk")
        found = TOKEN.search(page)
        assert found is not None
        visitor.post(f"{event}/desk", **(form | {"form_token": found.group(1)}))

        assert len(orders(services, seller, event)) == 2

    def test_tells_what_is_wrong_beside_the_field(
        self,
        visitor: Visitor,
        services: Services,
        seller: User,
        event: str,
        form: dict[str, str],
    ) -> None:
        quantity = next(name for name in form if name.startswith("quantity-"))
        path = f"{event}/desk"

        assert mistake_at(visitor.post(path, 422, **(form | {"email": "chi"})).text, "email")
        assert mistake_at(visitor.post(path, 422, **(form | {"name": ""})).text, "name")
        none = visitor.post(path, 422, **(form | {quantity: "0"})).text
        assert "Choose at least one ticket." in none
        wrong = visitor.post(path, 422, **(form | {quantity: HOSTILE})).text
        assert 'id="items-error"' in wrong
        assert "<script>" not in wrong
        assert 'id="kind-error"' in visitor.post(path, 422, **(form | {"kind": "x"})).text
        assert "places are left" in visitor.post(path, 409, **(form | {quantity: "6"})).text
        assert orders(services, seller, event) == []

    def test_lets_support_give_away_and_take_no_cash(
        self, visitor: Visitor, services: Services, make: Factory
    ) -> None:
        band = Band(services, make)
        made = make.event(organizer=band.owner, organization_id=band.id)
        helper = signed_in(visitor, band.member(OrganizationRole.SUPPORT))
        path = f"/manage/events/{made.id}/desk"
        page = helper.open(path)
        fields = {
            "name": "Chi",
            "email": "chi@example.com",
            f"quantity-{made.ticket_types[0].id}": "1",
        }

        assert 'value="cash"' not in page
        assert "role" in helper.post(path, 403, kind="cash", **fields).text
        helper.post(path, kind="complimentary", **fields)

    def test_is_the_organization_s(
        self,
        visitor: Visitor,
        services: Services,
        make: Factory,
        seller: User,
        event: str,
        form: dict[str, str],
    ) -> None:
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        rival.open(f"{event}/desk", 404)
        rival.post(f"{event}/desk", 404, **form)

        assert orders(services, seller, event) == []

    def test_closes_the_refund_once_the_money_is_handed_back(
        self, visitor: Visitor, services: Services, seller: User, event: str
    ) -> None:
        sold = BoxOffice(services, seller, id_in(event)).sell(reason=HOSTILE)
        path = f"{event}/orders/{sold.order.id}"
        refund = services.refund_requests.request_refund(order_id=sold.order.id, caller=seller)
        page = visitor.open(path)
        assert "to hand back" in page
        assert "<script>" not in page

        visitor.post(f"{path}/refunds/{refund.id}/done", 422, note=" ")
        visitor.post(f"{path}/refunds/{refund.id + 1}/done", 404, note="x")
        visitor.post(f"{path}/refunds/{refund.id}/done", note="Cash at the box office")

        (listing,) = services.refund_desk.of_order(caller=seller, order_id=sold.order.id)
        assert listing.refund.state == RefundState.PROCESSED
        assert "Cash at the box office" in visitor.open(path)
