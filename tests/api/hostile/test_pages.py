"""Every text that people type, hostile, on every page and in every mail: none becomes markup."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from app.pages.all_pages import PAGES
from tests.api.conftest import EVENT, Person
from tests.api.hostile.crawling import Walk, hostile
from tests.steps.browsing import Visitor
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeMailer

NOT_BY_LINKS = {
    "/manage/samples": "a form leads there while they are made; `test_samples.py` looks at it",
    "/account/confirm": "shows an address, and no text",
    "/account/reset": "shows no text",
    "/account/undo": "shows an address, and no text",
    "/payments/callback": "Paystack leads here; `tests/api/payments` looks at it",
    "/pictures/{name}": "is a picture; `tests/api/events/test_picture_files.py` looks at it",
    "/problems/{code}": "shows docs/errors.md",
    "/docs": "shows the description",
    "/redoc": "shows the description",
    "/scan": "a script fills it: `tests/browser/scanner` looks at it",
    "/sign-up": "shows what its own visitor typed; `test_kept_forms.py` looks at it",
}

NO_PAGES = ("/counts", "/file", ".css", ".ics", ".pdf", ".svg", ".{form}", ".webmanifest", ".js")


@dataclass
class Texts:
    """Hands out hostile texts, each told by its number from the others."""

    numbers: Iterator[int]
    of: dict[str, str]

    def new(self, what: str) -> str:
        self.of[what] = hostile(next(self.numbers))
        return self.of[what]


@pytest.fixture
def texts() -> Texts:
    return Texts(count(101), {})


@dataclass(frozen=True)
class World:
    """An event whose every text is hostile, and where its people's pages begin."""

    texts: Texts
    starts: tuple[str, ...]


def made(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()


@pytest.fixture
def event(api: httpx.Client, texts: Texts, organizer: Person) -> dict[str, Any]:
    """On sale, with each text that an organizer gives."""
    organization = made(
        api.post(
            "/organizations", json={"name": texts.new("organization")}, headers=organizer.headers
        )
    )
    path = f"/organizations/{organization['id']}"
    invitation = {"email": "x'y@example.com", "role": "support"}
    made(api.post(f"{path}/invitations", json=invitation, headers=organizer.headers))
    types = [
        {"name": texts.new("ticket type"), "ticket_price": 0, "capacity": 9},
        {"name": "Sold out soon", "ticket_price": 0, "capacity": 1},
    ]
    body = {
        **EVENT,
        **{name: texts.new(name) for name in ("title", "location", "description", "terms")},
        "category": texts.new("category")[:60],
        "organization_id": organization["id"],
        "refund_hours": 0,
        "ticket_types": types,
    }
    texts.of["category"] = body["category"]
    event: dict[str, Any] = made(api.post("/events/", json=body, headers=organizer.headers))
    device = {"name": texts.new("device"), "gate": texts.new("gate")[:60]}
    made(api.post(f"/events/{event['id']}/devices", json=device, headers=organizer.headers))
    # A draft, which has pages of its own in the console.
    again = {"date": "2030-06-08T19:00:00"}
    made(api.post(f"/events/{event['id']}/duplicate", json=again, headers=organizer.headers))
    export = {"kind": "attendees"}
    made(api.post(f"/events/{event['id']}/exports", json=export, headers=organizer.headers))
    return event


@pytest.fixture
def world(
    api: httpx.Client,
    make: Factory,
    mailer: FakeMailer,
    texts: Texts,
    event: dict[str, Any],
    organizer: Person,
    ada: Person,
) -> World:
    """Buyers of the event, each of whose texts is hostile as well."""
    kinds = [kind["id"] for kind in event["ticket_types"]]
    attendees = [texts.new("attendee"), texts.new("other attendee")]
    items = [{"ticket_type_id": kinds[0], "quantity": 2, "attendees": attendees}]
    order = made(
        api.post("/orders/", json={"event_id": event["id"], "items": items}, headers=ada.headers)
    )
    made(api.post(f"/orders/{order['id']}/pay", headers=ada.headers))
    guest = {"event_id": event["id"], "name": texts.new("guest"), "email": "guest@example.com"}
    items = [
        {"ticket_type_id": kinds[0], "quantity": 2},
        {"ticket_type_id": kinds[1], "quantity": 1},
    ]
    made(api.post("/checkout", json={**guest, "items": items}))
    make.work()
    used, own = made(api.get("/tickets/", headers=ada.headers))
    scan = {"code": used["code"], "scan_id": "1", "gate": texts.new("scan's gate")[:60]}
    made(api.post(f"/events/{event['id']}/check-ins", json=scan, headers=organizer.headers))
    offer = {"email": "cleo@example.com", "name": texts.new("receiver")}
    made(api.post(f"/tickets/{own['id']}/transfer", json=offer, headers=ada.headers))
    wait = {"name": texts.new("waiting"), "email": "dayo@example.com", "quantity": "1"}
    asked = api.post(
        f"/e/{event['id']}/waiting-list", data={**wait, "ticket_type_id": str(kinds[1])}
    )
    assert asked.is_success, asked.text
    reason = {"reason": texts.new("refund reason")}
    orders = made(api.get(f"/events/{event['id']}/orders", headers=organizer.headers))
    guests = next(each for each in orders if each["id"] != order["id"])
    made(api.post(f"/orders/{guests['id']}/refunds", json=reason, headers=organizer.headers))
    make.work()
    links = [
        word.removeprefix("https://shop.test")
        for mail in mailer.sent
        for word in mail.text.split()
        if word.startswith("https://shop.test/")
    ]
    here = f"/e/{event['id']}"
    return World(
        texts, ("/", "/forgotten-password", here, f"{here}/embed", f"{here}/poster", *links)
    )


def walk_of(api: httpx.Client, world: World, mailer: FakeMailer, *names: str) -> Walk:
    """What visitors without a login and these accounts see, and every mail."""
    walk = Walk(api, {})
    walk.from_(*world.starts)
    for name in names:
        visitor = Visitor(api)
        visitor.sign_in(name, PASSWORD)
        walk.headers = visitor.headers
        walk.from_("/manage", "/account/tickets", "/account/sessions", "/admin", *world.starts)
    for mail in mailer.sent:
        walk.read_html(f"mail {mail.subject!r}", mail.html or "")
    return walk


class TestEveryPage:
    def test_shows_texts_as_they_were_typed(
        self, api: httpx.Client, world: World, mailer: FakeMailer, admin: Person
    ) -> None:
        walk = walk_of(api, world, mailer, "organizer", "ada", admin.user.username)

        assert walk.faults == []
        shown = "\n".join(walk.words)
        unseen = [what for what, text in world.texts.of.items() if text not in shown]
        assert unseen == [], "shown nowhere: has the page that shows it no link?"

    def test_is_reached_by_links_or_named_here(
        self, api: httpx.Client, world: World, mailer: FakeMailer, admin: Person
    ) -> None:
        walk = walk_of(api, world, mailer, "organizer", "ada", admin.user.username)

        missed = [
            route.path
            for router in PAGES
            for route in router.routes
            if isinstance(route, APIRoute)
            and "GET" in (route.methods or ())
            and not any(route.path_regex.fullmatch(path) for path in walk.paths)
            and not route.path.endswith(NO_PAGES)
            and route.path not in NOT_BY_LINKS
        ]
        assert not missed, "\n".join(missed)


class TestWalk:
    def test_notices_texts_that_became_markup(self, api: httpx.Client) -> None:
        walk = Walk(api, {})

        walk.read_html("page", f"<p>{hostile(7)}</p>")

        assert [fault.partition(": ")[2] for fault in walk.faults] == [
            "<img src='x'>",
            "<img onerror='alert(7)'>",
        ]
