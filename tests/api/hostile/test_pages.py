"""Every text that people type, hostile, on every page, in every file and mail: none becomes markup.

Fields are read from the description of the API, pages from the routes: new ones are tried as well.
"""

import io
from typing import Final
from urllib.parse import quote

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from openpyxl import Workbook

from app.http.services import Services
from app.pages.all_pages import PAGES
from tests.api.conftest import Person, one_database
from tests.api.described_operations import operations_of
from tests.api.hostile.crawling import JSON_LD, Walk
from tests.api.hostile.fields import free_texts, is_known, texts_of
from tests.api.hostile.files import read_calendar, read_csv, read_drawing, read_workbook
from tests.api.hostile.world import Maker, World, build
from tests.steps.browsing import Visitor
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeGateway, FakeMailer

pytestmark = [pytest.mark.timeout(300)]

NOT_BY_LINKS: Final = {
    "/manage/samples": "a form leads there while they are made; `test_samples.py` looks at it",
    "/account/confirm": "shows an address, and no text",
    "/account/reset": "shows no text",
    "/account/undo": "shows an address, and no text",
    "/colours/{name}.css": "is made of numbers",
    "/manage/events/{event_id}/counts": "is a stream of numbers",
    "/payments/callback": "Paystack leads here; `tests/api/payments` looks at it",
    "/pictures/{name}": "is a picture; `tests/api/events/test_picture_files.py` looks at it",
    "/problems/{code}": "shows docs/errors.md",
    "/docs": "shows the description",
    "/redoc": "shows the description",
    "/scan": "a script fills it: `tests/browser/scanner` looks at it",
    "/scan/app.webmanifest": "is the same for everyone",
    "/scan/sw.js": "is the same for everyone",
    "/sign-up": "shows what its own visitor typed; `test_kept_forms.py` looks at it",
}

AS_OTHERS: Final = {
    "POST /payments/pay": "orders as `POST /orders` does",
    "POST /events/{event_id}/messages/preview": "keeps nothing; the message is sent as well",
    "POST /events/{event_id}/check-ins/batch": "keeps gates as single scans do",
    "POST /admin/people/{user_id}/reset-two-step": "the log of admins shows all reasons alike",
    "POST /admin/mails/{message_id}/resend": "as above",
    "POST /admin/mails/{message_id}/drop": "as above",
    "POST /admin/orders/{order_id}/release": "as above",
    "POST /admin/payments/{payment_id}/check": "as above",
    "POST /admin/refunds/{refund_id}/retry": "as above",
    "POST /admin/refunds/{refund_id}/done": "as above",
    "POST /admin/disputes/{dispute_id}/close": "as above",
}
"""Operations whose texts come in by another one, too."""


@pytest.fixture
def world(
    app: FastAPI,
    api: httpx.Client,
    services: Services,
    make: Factory,
    mailer: FakeMailer,
    gateway: FakeGateway,
    organizer: Person,
    ada: Person,
    admin: Person,
) -> World:
    people = (organizer.headers, ada.headers, admin.headers)
    return build(app, api, mailer, lambda typist: Maker(services, make, typist, gateway, *people))


def walk_of(api: httpx.Client, world: World, mailer: FakeMailer) -> Walk:
    """What visitors without a login and those who sign in see, and every mail."""
    walk = Walk(api, {})
    walk.from_("/account/forgotten", "/sign-in", *world.pages, *world.links)
    for name in ("organizer", "admin", *world.people):
        visitor = Visitor(api)
        visitor.sign_in(name, PASSWORD)
        walk.headers = visitor.headers
        walk.from_("/manage", "/account/tickets", "/account/sessions", "/admin", *world.pages)
    for mail in mailer.sent:
        walk.read_html(f"mail {mail.subject!r}", mail.html or "")
    return walk


@one_database
class TestEveryPage:
    @pytest.mark.slow
    def test_shows_texts_as_they_were_typed(
        self, app: FastAPI, api: httpx.Client, world: World, mailer: FakeMailer
    ) -> None:
        walk = walk_of(api, world, mailer)

        assert walk.faults == []
        assert never_typed(app, world) == [], "call the operation in tests/api/hostile/world.py"
        shown = "\n".join(walk.words).casefold()
        unseen = {where for where, text in world.typist.typed if text.casefold() not in shown}
        assert unseen == set(), "has the page that shows it no link?"
        assert never_opened(walk) == [], "say why in NOT_BY_LINKS, if no link leads there"
        assert read_with_hostile_queries(walk) > 20
        assert walk.faults == []


def never_typed(app: FastAPI, world: World) -> list[str]:
    """Fields for texts of people's own in which none was sent."""
    typed = {where for where, _ in world.typist.typed}
    fields = [
        f"{operation} {path}"
        for operation in operations_of(app)
        if str(operation) not in AS_OTHERS
        for path, _ in free_texts(operation)
    ]
    return [field for field in fields if field not in typed and not is_known(field)]


def never_opened(walk: Walk) -> list[str]:
    """Pages and files that were not served."""
    return [
        route.path
        for route in page_routes()
        if route.path not in NOT_BY_LINKS
        and not any(route.path_regex.fullmatch(path) for path in walk.visited)
    ]


def read_with_hostile_queries(walk: Walk) -> int:
    """Open each page with hostile texts in its query; tell how many that were."""
    opened = 0
    for route in page_routes():
        path = next((path for path in walk.visited if route.path_regex.fullmatch(path)), None)
        for parameter in route.dependant.query_params if path else ():
            walk.headers = walk.visited[path or ""]
            for text in texts_of(7):
                walk.read(f"{path}?{parameter.alias}={quote(text)}")
                opened += 1
    return opened


class TestWalk:
    @one_database
    def test_notices_texts_that_became_markup(self, api: httpx.Client) -> None:
        walk = Walk(api, {})

        for text in texts_of(7):
            walk.read_html("page", f"<p>{text}</p>")
        walk.read_html("data", f'<script type="{JSON_LD}">"{next(texts_of(8))}"</script>')

        of_page, of_data = walk.faults[:5], walk.faults[5:]
        image = ["<img src='x'>", "<img onerror='alert(7)'>"]
        assert of_page == [f"page: {fault}" for fault in (*image, *image, "<x-x>")]
        assert [fault[:13] for fault in of_data] == [
            "data: no JSON",
            "data: <img sr",
            "data: <img on",
        ]

    def test_notices_formulas_lines_and_elements_in_files(self) -> None:
        book, file = Workbook(), io.BytesIO()
        book.create_sheet().append(["=1+1"])
        book.save(file)
        entry = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nATTENDEE:x\r\nEND:VEVENT\r\nEND:VCALENDAR"

        assert read_csv(b"name,sum\r\n=1+1,-5.00\r\n")[1] == ["=1+1"]
        assert len(read_workbook(file.getvalue())[1]) == 1
        assert read_calendar(entry.encode())[1] == ["ATTENDEE"]
        assert read_drawing(b"<svg><title>x</title><script/></svg>")[1] == ["script"]


def page_routes() -> list[APIRoute]:
    """Every page and file that people open."""
    return [
        route
        for router in PAGES
        for route in router.routes
        if isinstance(route, APIRoute) and "GET" in (route.methods or ())
    ]
