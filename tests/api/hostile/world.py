"""An event, and all that people may type about it, with hostile texts in every field."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import httpx
from fastapi import FastAPI

from app.http.services import Services
from tests.api.conftest import EVENT, Headers
from tests.api.described_operations import operations_of
from tests.api.hostile.fields import HOSTILE, Typist
from tests.steps.desks import POOR
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeGateway, FakeMailer

ADDRESS: Final = "x'{{7*191}}&amp@example.com"
ORIGIN: Final = "https://shop.test"


@dataclass(frozen=True)
class World:
    """What was typed, and where people begin to look at it."""

    typist: Typist
    pages: tuple[str, ...]
    """Those of the event, and others that show what was typed."""
    links: tuple[str, ...]
    """Where mails lead."""
    people: tuple[str, ...]
    """User names of those who see more than others."""


@dataclass
class Maker:
    """Makes the world, by the operations of the API as the people in it call them."""

    services: Services
    make: Factory
    typist: Typist
    gateway: FakeGateway
    organizer: Headers
    ada: Headers
    admin: Headers

    def organization(self) -> int:
        """One whose name is hostile, and one that is called so later."""
        send, organizer = self.typist.send, self.organizer
        send("POST /organizations", organizer)
        made: int = send("POST /organizations", organizer, name="Band", contact_email=ADDRESS)["id"]
        send("PATCH /organizations/{organization_id}", organizer, made, contact_email=ADDRESS)
        send("POST /organizations/{organization_id}/invitations", organizer, made, email=ADDRESS)
        return made

    def events(self, organization_id: int) -> dict[str, Any]:
        """One on sale, whose texts are changed to hostile ones later; others around it."""
        send, organizer = self.typist.send, self.organizer
        whose = {"organization_id": organization_id, "date": "2030-06-01T19:00:00"}
        plain = {name: EVENT[name] for name in ("title", "location", "category")}
        types = [
            {"ticket_price": 0, "capacity": 20},
            {"ticket_price": 0, "capacity": 1, "name": "Few"},
            {"ticket_price": 2500, "name": "Dear"},
        ]
        event: dict[str, Any] = send(
            "POST /events",
            organizer,
            **whose | plain | {"description": "Bands", "terms": "None"},
            refund_hours=0,
            ticket_types=types,
        )
        send("POST /events", organizer, **whose, ticket_types=[{"ticket_price": 0}])
        whole_days = {"date": "2030-07-01", "ends_at": "2030-07-03", "all_day": True}
        send("POST /events", organizer, **whose | whole_days, ticket_types=[{"ticket_price": 0}])
        path = event["id"]
        send("POST /events/{event_id}/duplicate", organizer, path, date="2030-06-08T19:00:00")
        send("POST /events/{event_id}/ticket-types", organizer, path, access_code=HOSTILE)
        few = event["ticket_types"][1]["id"]
        change = "PATCH /events/{event_id}/ticket-types/{ticket_type_id}"
        send(change, organizer, path, few, capacity=1)
        send("POST /events/{event_id}/promo-codes", organizer, path)
        other = send("POST /events/{event_id}/promo-codes", organizer, path, code="OTHER")["id"]
        send("PATCH /events/{event_id}/promo-codes/{promo_code_id}", organizer, path, other)
        send("PUT /events/{event_id}/image", organizer, path)
        send("POST /events/{event_id}/devices", organizer, path)
        return event

    def purchases(self, event: dict[str, Any]) -> list[str]:
        """Of Ada's, a guest's and at the desk; gives pages that show what was said about them."""
        send, organizer, ada, path = self.typist.send, self.organizer, self.ada, event["id"]
        many, few, dear = (each["id"] for each in event["ticket_types"])
        places = [{"ticket_type_id": many, "quantity": 5}]
        order = send("POST /orders", ada, event_id=path, items=places)["id"]
        send("POST /orders/{order_id}/pay", ada, order)
        sold_out = [{"ticket_type_id": few, "quantity": 1}]
        two = [{"ticket_type_id": many, "quantity": 2}]
        send("POST /checkout", {}, event_id=path, email=ADDRESS, items=[*two, *sold_out])
        at_desk = {"kind": "complimentary", "email": "chi@example.com"}
        items = [{"ticket_type_id": many, "quantity": 1}]
        desk = send("POST /events/{event_id}/orders", organizer, path, **at_desk, items=items)
        given = {"name": "Dayo", "email": "dayo@example.com", "kind": "complimentary"}
        other = send("POST /events/{event_id}/orders", organizer, path, **given, items=items)
        (ticket,) = other["ticket_ids"]
        corrected = "PATCH /events/{event_id}/orders/{order_id}/tickets/{ticket_id}"
        send(corrected, organizer, path, other["id"], ticket)
        send("POST /events/{event_id}/orders/{order_id}/notes", organizer, path, desk["id"])
        orders = [order, desk["id"], other["id"], *self.paid(event, dear)]
        answer = self.typist.api.get(f"/orders/{order}", headers=ada)
        used, own, left, lost, moved = answer.json()["ticket_ids"]
        self.door(event, used)
        send("POST /tickets/{ticket_id}/transfer", ada, own, email="cleo@example.com")
        send("POST /tickets/{ticket_id}/reissue", organizer, left)
        send("POST /tickets/{ticket_id}/revocation", organizer, lost)
        send("POST /orders/{order_id}/refunds", organizer, order, ticket_ids=[moved])
        pages = [f"/manage/events/{path}/orders/{each}" for each in orders]
        return [*pages, f"/admin/ticket/{lost}"]

    def paid(self, event: dict[str, Any], ticket_type_id: int) -> list[int]:
        """An order with money, of which a part is refunded, and one that the provider refuses."""
        send, organizer = self.typist.send, self.organizer
        bought = []
        for _ in range(2):
            items = [{"ticket_type_id": ticket_type_id, "quantity": 1, "attendees": ["Ada"]}]
            order = send("POST /orders", self.ada, event_id=event["id"], items=items)["id"]
            reference = send("POST /orders/{order_id}/pay", self.ada, order)["reference"]
            self.services.settlement.settle(reference)
            bought.append(order)
        amount = {"amount": 50_000, "currency": "NGN"}
        send("POST /orders/{order_id}/refunds/money", organizer, bought[0], amount=amount)

        def refuse() -> None:
            raise POOR

        self.gateway.before_refund = refuse
        refund = send("POST /orders/{order_id}/refunds", organizer, bought[1])["id"]
        self.make.work()
        self.gateway.before_refund = None
        send("POST /refunds/{refund_id}/done", organizer, refund)
        return bought

    def door(self, event: dict[str, Any], ticket_id: int) -> None:
        """A ticket comes in, and goes out as a mistake."""
        send, organizer = self.typist.send, self.organizer
        code = self.typist.api.get(f"/tickets/{ticket_id}/details", headers=self.ada).json()["code"]
        scan, undo = (
            "POST /events/{event_id}/check-ins",
            "POST /events/{event_id}/check-ins/{check_in_id}/undo",
        )
        entry = send(scan, organizer, event["id"], code=code)
        send(undo, organizer, event["id"], entry["id"])
        send(scan, organizer, event["id"], code=code)

    def news(self, event: dict[str, Any]) -> None:
        """The event is changed, its holders are written to, and files are prepared."""
        send, organizer = self.typist.send, self.organizer
        send("PATCH /events/{event_id}", organizer, event["id"])
        send("POST /events/{event_id}/messages", organizer, event["id"])
        send("POST /events/{event_id}/exports", organizer, event["id"], kind="attendees")

    def accounts(self) -> tuple[dict[str, Any], ...]:
        """One with hostile names, and one that takes them later."""
        send = self.typist.send
        first = send("POST /users", {}, email="eve@example.com", password=PASSWORD)
        later = send("PATCH /users/me", self.ada)
        self.back_office(first["id"])
        return first, later

    def back_office(self, user_id: int) -> None:
        """What an admin does to an account, with a reason each."""
        for name in ("disable", "enable", "log-out"):
            self.typist.send(f"POST /admin/people/{{user_id}}/{name}", self.admin, user_id)
        role = "POST /admin/people/{user_id}/role"
        self.typist.send(role, self.admin, user_id, role="buyer")


def build(
    app: FastAPI, api: httpx.Client, mailer: FakeMailer, maker_of: Callable[[Typist], Maker]
) -> World:
    """The world after everybody has typed; the links are those of all mails."""
    typist = Typist(api, {str(operation): operation for operation in operations_of(app)})
    maker = maker_of(typist)
    event = maker.events(maker.organization())
    pages = maker.purchases(event)
    here = f"/e/{event['id']}"
    wait = {"name": typist.text("the page's waiting list"), "email": "dayo@example.com"}
    few = str(event["ticket_types"][1]["id"])
    asked = api.post(f"{here}/waiting-list", data={**wait, "quantity": "1", "ticket_type_id": few})
    assert asked.is_success, asked.text
    maker.make.work()
    maker.news(event)
    people = maker.accounts()
    maker.make.work()
    links = tuple(
        word.removeprefix(ORIGIN)
        for mail in mailer.sent
        for word in mail.text.split()
        if word.startswith(f"{ORIGIN}/")
    )
    searches = [f"/manage/events/{event['id']}?q=x1", "/admin/find?q=x1"]
    pages += ["/", here, f"{here}/embed", f"{here}/poster", f"{here}/poster.svg", *searches]
    pages += [f"/admin/person/{each['id']}" for each in people]
    return World(typist, tuple(pages), links, tuple(each["username"] for each in people))
