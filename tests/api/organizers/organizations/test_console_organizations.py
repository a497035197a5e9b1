"""How an organization looks to buyers, changed in the console without a script; and its end."""

import pytest

from app.domain.errors import PicturesUnavailable
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.models.users.users import User
from app.repositories.organizers.organizations import OrganizationListing
from app.wiring.adapters import Adapters
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of
from tests.steps.console import created, id_in, signed_in
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakePictures
from tests.support.pictures import photo

pytestmark = one_database

HOSTILE = """"><script>alert(1)</script>"""
LOOK = {
    "name": "Jazz Collective",
    "contact_email": "hello@jazz.example.com",
    "reply_to": "desk@jazz.example.com",
    "colour": "#1a5fb4",
    "has_colour": "yes",
}


@pytest.fixture
def band(services: Services, make: Factory, seller: User) -> Band:
    return Band(services, make, owner=seller)


@pytest.fixture
def path(visitor: Visitor, band: Band) -> str:
    """The address of the organization's page, opened by its owner."""
    path = f"/manage/organizations/{band.id}"
    visitor.open(path)
    return path


def shown(services: Services, band: Band) -> OrganizationListing:
    return services.organizations.get(member=band.owner, organization_id=band.id)


class TestLook:
    def test_is_changed_by_one_form(
        self, visitor: Visitor, services: Services, band: Band, path: str
    ) -> None:
        answer = visitor.post(path, **LOOK)

        assert answer.headers["location"] == path
        found = shown(services, band).organization
        assert {name: getattr(found, name) for name in LOOK if name != "has_colour"} == {
            name: value for name, value in LOOK.items() if name != "has_colour"
        }
        page = visitor.open(path)
        for name in ("name", "contact_email", "reply_to", "colour"):
            assert value_of(page, name) == LOOK[name]
        assert 'value="yes" checked' in page
        assert '<link rel="stylesheet" href="/colours/1a5fb4.css">' in page

    def test_is_emptied_where_it_may_be(
        self, visitor: Visitor, services: Services, band: Band, path: str
    ) -> None:
        visitor.post(path, **LOOK)

        visitor.post(path, name=" Band ", contact_email="", reply_to=" ", colour="#1a5fb4")

        found = shown(services, band).organization
        assert (found.name, found.contact_email, found.reply_to) == ("Band", None, None)
        assert found.colour is None
        page = visitor.open(path)
        assert "checked" not in page
        assert "/colours/" not in page

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("name", ""),
            ("name", "x" * 121),
            ("contact_email", "nobody"),
            ("reply_to", "a@b.example\nBcc: c@d.example"),
            ("colour", "red; } body { display: none"),
        ],
    )
    def test_that_is_wrong_is_told_beside_its_field_and_changes_nothing(
        self,
        visitor: Visitor,
        services: Services,
        band: Band,
        path: str,
        field: str,
        value: str,
    ) -> None:
        answer = visitor.post(path, 422, **{**LOOK, field: value})

        assert mistake_at(answer.text, field)
        assert value_of(answer.text, "name") == (value if field == "name" else LOOK["name"])
        assert shown(services, band).organization.name == "Band"

    def test_shows_what_people_typed_as_text(self, visitor: Visitor, path: str) -> None:
        visitor.post(path, **{**LOOK, "name": HOSTILE})

        pages = [visitor.open(each) for each in (path, f"{path}/delete", "/manage")]

        for page in pages:
            assert "alert(1)" in page
            assert "<script" not in page

    def test_is_reached_from_the_consoles_front_and_from_the_team(
        self, visitor: Visitor, band: Band, path: str
    ) -> None:
        for page in (visitor.open("/manage"), visitor.open(f"/manage/teams/{band.id}")):
            assert f'href="{path}"' in page

    def test_of_a_personal_organization_is_changed_alike(
        self, visitor: Visitor, services: Services
    ) -> None:
        event_id = id_in(created(visitor))
        path = f"/manage/organizations/{services.events.get(event_id).organization_id}"
        assert f"{path}/delete" not in visitor.open(path)

        visitor.post(path, **LOOK)

        assert services.events.get(event_id).organization_name == "Jazz Collective"

    def test_is_not_for_other_members_and_strangers(
        self, visitor: Visitor, make: Factory, services: Services, band: Band, path: str
    ) -> None:
        manager = signed_in(visitor, band.member(OrganizationRole.MANAGER))
        stranger = signed_in(visitor, make.user())

        for who, status in ((manager, 403), (stranger, 404)):
            who.open(path, status)
            who.post(path, status, **LOOK)
            who.send_file(f"{path}/logo", "image", photo(), status)
            who.post(f"{path}/logo/remove", status)
            who.open(f"{path}/delete", status)
            who.post(f"{path}/delete", status)
        assert path not in manager.open("/manage")
        assert path not in manager.open(f"/manage/teams/{band.id}")
        assert shown(services, band).organization.name == "Band"


class TestLogo:
    def test_is_uploaded_looked_at_and_removed(
        self, visitor: Visitor, services: Services, band: Band, path: str
    ) -> None:
        answer = visitor.send_file(f"{path}/logo", "image", photo(300, 150, kind="PNG"))

        assert answer.headers["location"] == path
        logo = shown(services, band).logo
        assert logo is not None
        assert f'src="/pictures/{logo.largest.name}" width="300" height="150"' in visitor.open(path)

        visitor.post(f"{path}/logo/remove")

        assert shown(services, band).logo is None
        assert 'class="logo"' not in visitor.open(path)

    @pytest.mark.parametrize(
        ("content", "status", "told"),
        [
            (b"", 422, "Must be a picture: choose a file"),
            (b"GIF89a", 422, "Must be a JPEG, PNG or WebP picture"),
            (photo(10, 10), 422, "Must have at least 32 x 32 pixels; this one has 10 x 10"),
            (bytes(12 * 1024 * 1024), 413, "The file is too large: send one of at most 10 MB."),
        ],
    )
    def test_tells_beside_the_field_what_is_wrong(
        self,
        visitor: Visitor,
        services: Services,
        band: Band,
        path: str,
        content: bytes,
        status: int,
        told: str,
    ) -> None:
        answer = visitor.send_file(f"{path}/logo", "image", content, status)

        assert mistake_at(answer.text, "image") == told
        assert value_of(answer.text, "name") == "Band"
        assert shown(services, band).logo is None

    def test_is_told_when_the_store_does_not_answer(
        self, visitor: Visitor, outside: Adapters, path: str
    ) -> None:
        assert isinstance(outside.picture_store, FakePictures)
        outside.picture_store.failure = PicturesUnavailable()

        answer = visitor.send_file(f"{path}/logo", "image", photo(), 503)

        assert "Nothing was changed" in answer.text


class TestDelete:
    def test_asks_first_and_leads_to_the_teams(
        self, visitor: Visitor, services: Services, band: Band, path: str
    ) -> None:
        assert f'href="{path}/delete"' in visitor.open(path)
        assert "Delete the organization?" in visitor.open(f"{path}/delete")

        answer = visitor.post(f"{path}/delete")

        assert answer.headers["location"] == "/manage/teams"
        assert "Band" not in visitor.open("/manage/teams")
        visitor.open(path, 404)

    def test_says_why_it_is_refused(
        self, visitor: Visitor, make: Factory, band: Band, path: str
    ) -> None:
        make.event(organizer=band.owner, organization_id=band.id)
        visitor.open(f"{path}/delete")

        answer = visitor.post(f"{path}/delete", 409)

        assert "has events" in answer.text
        visitor.open(path)
