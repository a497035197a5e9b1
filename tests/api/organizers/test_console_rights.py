"""Who is shown what in the console, and that no text becomes part of a page."""

import pytest

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor
from tests.steps.console import FORM, created, signed_in
from tests.steps.organizations import Band
from tests.support.factories import Factory

HOSTILE = """Jazz "><script>alert(1)</script>'{{7*7}} </textarea><img src=x onerror=alert(2)>"""
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
            assert "<script" not in page
            assert "<img" not in page
            assert "49 " not in page
