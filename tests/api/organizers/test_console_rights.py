"""Who is shown what in the console, and that no text becomes part of a page."""

from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.browsers.sessions import PageRoute, sending_browser, signed_in_browser
from app.http.services import Services
from app.models.users.users import User
from app.pages.all_pages import PAGES
from tests.api.conftest import OpenApi, one_database
from tests.steps.browsing import Visitor
from tests.steps.console import FORM, created, signed_in
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.pictures import photo

HOSTILE = """Jazz "><script>alert(1)</script>'{{7*7}} </textarea><img src=x onerror=alert(2)>"""
COUNTS = '<script type="module" src="/static/door/counts.js">'
ADDRESSES = ("", "/edit", "/cancel", "/ticket-types", "/ticket-types/1")


class TestRights:
    @pytest.mark.parametrize("address", ADDRESSES)
    @one_database
    def test_of_another_organization_are_none(
        self, visitor: Visitor, make: Factory, address: str
    ) -> None:
        path = created(visitor) + address
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        assert "Lagos Jazz Night" not in rival.open(path, 404)
        if address:
            rival.post(path, 404, **FORM, name="VIP")
        assert "Lagos Jazz Night" in visitor.open(path)

    @pytest.mark.parametrize("address", ADDRESSES)
    @one_database
    def test_without_sign_in_lead_there(self, visitor: Visitor, address: str) -> None:
        path = created(visitor) + address
        nobody = Visitor(visitor.api)

        answer = visitor.api.get(path, headers={"Accept": "text/html", "Cookie": "session=x"})

        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next={path}")
        if address:
            assert nobody.post(path).headers["location"] == "/sign-in"

    def test_of_roles_are_those_of_the_api(
        self,
        visitor: Visitor,
        seller: User,
        make: Factory,
        services: Services,
    ) -> None:
        band = Band(services, make, owner=seller)
        event = make.event(organizer=seller, organization_id=band.id)
        finance, checker = (
            signed_in(visitor, band.member(role))
            for role in (OrganizationRole.FINANCE, OrganizationRole.CHECKER)
        )
        path = f"/manage/events/{event.id}"

        assert event.title in finance.open("/manage")
        assert "Change the event" not in finance.open(path)
        assert "does not allow" in finance.open(f"{path}/edit", 403)
        finance.post(f"{path}/cancel", 403)
        assert event.title not in checker.open("/manage")
        checker.open(path, 403)

    @one_database
    def test_to_sell_are_given_by_an_admin_where_real_money_moves(
        self, production: Services, open_api: OpenApi
    ) -> None:
        api = open_api(production)
        Factory(production).user(name="newcomer")
        newcomer = Visitor(api)
        newcomer.sign_in("newcomer")

        answer = newcomer.post("/manage/events/new", 403, **FORM)

        assert "Ask the people who run this shop" in answer.text
        assert "No events yet." in newcomer.open("/manage")


READ_APART = {
    "/manage/events/{event_id}/picture",
    "/manage/organizations/{organization_id}/logo",
}
"""Their files are read once the sender's rights are known; the test below tries their proof."""


class TestForms:
    def test_of_who_is_signed_in_ask_for_the_proof_of_their_session(self) -> None:
        routes = [
            route
            for router in PAGES
            for route in router.routes
            if isinstance(route, APIRoute) and "POST" in (route.methods or ())
        ]
        calls = {route.path: set(calls_of(route.dependant)) for route in routes}

        signed_in = {path for path in calls if signed_in_browser in calls[path]}

        assert {"/sign-out", "/account/sessions", "/manage/events/new"} <= signed_in
        assert {path for path in calls if path.startswith("/manage")} <= signed_in
        assert {path for path in signed_in if sending_browser not in calls[path]} == READ_APART
        assert all(isinstance(route, PageRoute) for route in routes if route.path in signed_in)

    @one_database
    @pytest.mark.parametrize("proof", [{}, {"csrf": "0" * 64}], ids=["none", "another"])
    def test_with_a_picture_ask_for_it_as_well(
        self, visitor: Visitor, proof: dict[str, str]
    ) -> None:
        path = created(visitor)
        file = {"image": ("a.png", photo(400, 300, kind="PNG"))}

        for address in (f"{path}/picture", "/manage/organizations/1/logo"):
            refused, taken = (
                visitor.api.post(address, data=data, files=file, headers=visitor.headers)
                for data in (proof, {"csrf": visitor.csrf})
            )
            assert (refused.status_code, taken.status_code) == (403, 303), address


def calls_of(dependant: Dependant) -> Iterator[object]:
    """What a route depends on, directly or not."""
    for each in dependant.dependencies:
        yield each.call
        yield from calls_of(each)


class TestHostileText:
    @one_database
    def test_is_shown_as_text_on_every_page(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        texts = {"title": HOSTILE, "location": HOSTILE, "description": HOSTILE}
        path = created(visitor, **texts, category="<script>alert(3)</script>")
        visitor.post(f"{path}/ticket-types", name=HOSTILE, ticket_price="0", capacity="")

        pages = [visitor.open(path + address) for address in ADDRESSES]
        pages += [visitor.open(f"{path}?q={HOSTILE}"), visitor.open("/manage")]
        bad = dict.fromkeys([*FORM, "name"], HOSTILE)
        for address in ("/edit", "/ticket-types", "/ticket-types/1"):
            pages.append(visitor.post(path + address, 422, **bad).text)
        pages.append(visitor.post("/manage/events/new", 422, **bad).text)

        for page in pages:
            assert "alert(" in page
            assert "<script" not in page.replace(COUNTS, "")
            assert "<img" not in page
            assert "49 " not in page
