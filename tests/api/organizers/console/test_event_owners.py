"""Whose a new event of the console is: one's own, or a team's."""

import re

import pytest

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import OpenApi, one_database
from tests.steps.browsing import Visitor, mistake_at
from tests.steps.console import FORM, created, id_in, signed_in
from tests.steps.organizations import Band
from tests.support.factories import PASSWORD, Factory

pytestmark = one_database

NEW = "/manage/events/new"
CHOICES = re.compile(r'<option value="([0-9]*)"[^>]*>([^<]+)</option>')


def choices_in(page: str) -> list[str]:
    field = page.split('<select id="organization_id"')[1].split("</select>")[0]
    return [words for _, words in CHOICES.findall(field)]


@pytest.fixture
def band(services: Services, make: Factory, seller: User) -> Band:
    return Band(services, make, owner=seller)


class TestForm:
    def test_asks_nothing_without_a_team(self, visitor: Visitor) -> None:
        assert "Who sells it" not in visitor.open(NEW)

    def test_offers_teams_in_which_one_may_create(
        self, visitor: Visitor, services: Services, band: Band, make: Factory
    ) -> None:
        others = Band(services, make, owner=make.user(role=Role.ORGANIZER))
        others.join(band.owner, OrganizationRole.FINANCE)

        assert choices_in(visitor.open(NEW)) == ["Myself: my personal organization", "Band"]
        event = services.events.get(id_in(created(visitor, organization_id=str(band.id))))
        own = services.events.get(id_in(created(visitor, organization_id="")))

        assert event.organization_id == band.id
        assert own.organization_name == "seller"

    def test_keeps_what_was_chosen(self, visitor: Visitor, band: Band) -> None:
        visitor.open(NEW)

        page = visitor.post(NEW, 422, **(FORM | {"title": "", "organization_id": str(band.id)}))

        assert f'<option value="{band.id}" selected>Band' in page.text

    def test_takes_no_organization_of_others(
        self, visitor: Visitor, services: Services, make: Factory
    ) -> None:
        others = Band(services, make)
        visitor.open(NEW)

        for number in (str(others.id), "999"):
            visitor.post(NEW, 404, **(FORM | {"organization_id": number}))
        visitor.post(NEW, 422, **(FORM | {"organization_id": "many"}))

        assert "No events yet." in visitor.open("/manage")


class TestWhereRealMoneyMoves:
    def test_managers_create_for_their_team_and_nobody_makes_a_team_to_sell(
        self, production: Services, open_api: OpenApi
    ) -> None:
        make = Factory(production)
        owner, manager = make.user(name="owner", role=Role.ORGANIZER), make.user(name="ngozi")
        make.user(name="newcomer")
        band = Band(production, make, owner=owner)
        band.join(manager, OrganizationRole.MANAGER)
        desk = Visitor(open_api(production))
        ngozi, newcomer = Visitor(desk.api), Visitor(desk.api)
        ngozi.sign_in("ngozi")
        newcomer.sign_in("newcomer")

        assert choices_in(ngozi.open(NEW)) == ["Band"]
        answer = ngozi.post(NEW, **(FORM | {"organization_id": str(band.id)}))
        assert production.events.get(id_in(answer.headers["location"])).organization_id == band.id
        ngozi.open(NEW)
        own = ngozi.post(NEW, 403, **(FORM | {"title": "My own"}))
        assert mistake_at(own.text, "organization_id")

        page = newcomer.post("/manage/teams", 403, name="Mine").text
        assert "Ask the people who run it" in page
        token = desk.api.post("/token", data={"username": "newcomer", "password": PASSWORD})
        refused = desk.api.post(
            "/organizations/",
            json={"name": "Mine"},
            headers={"Authorization": f"Bearer {token.json()['access_token']}"},
        )
        assert (refused.status_code, refused.json()["code"]) == (403, "role-missing")


def test_choice_of_a_member_is_its_own(visitor: Visitor, band: Band) -> None:
    checker = signed_in(visitor, band.member(OrganizationRole.CHECKER))

    assert "Who sells it" not in checker.open(NEW)
