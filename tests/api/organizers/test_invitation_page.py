"""The page an invitation's link leads to."""

import httpx
import pytest

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from tests.api.conftest import one_database
from tests.steps.organizations import LINKS, Band
from tests.support.factories import Factory

pytestmark = one_database

EMAIL = "chi@example.com"
MANAGER = OrganizationRole.MANAGER


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    return Band(services, make)


@pytest.fixture
def token(band: Band) -> str:
    return LINKS.issue(band.invite(EMAIL, MANAGER).link_subject)


def answered(api: httpx.Client, token: str, answer: str) -> httpx.Response:
    return api.post("/invitation", data={"token": token, "answer": answer})


def members(services: Services, band: Band) -> list[str]:
    page = services.members.page(member=band.owner, organization_id=band.id, after=None, limit=10)
    return [each.user.email for each in page.items]


class TestPage:
    def test_says_who_invites_into_what_and_changes_nothing(
        self, api: httpx.Client, services: Services, band: Band, token: str
    ) -> None:
        for _ in range(2):
            page = api.get("/invitation", params={"token": token})

        assert page.status_code == 200
        for fact in ("bandleader", "Band", "manager", EMAIL):
            assert fact in page.text
        assert members(services, band) == [band.owner.email]

    def test_joins_by_one_button_once(
        self, api: httpx.Client, services: Services, band: Band, token: str
    ) -> None:
        first, second = answered(api, token, "accept"), answered(api, token, "decline")

        assert first.status_code == second.status_code == 200
        assert "You are a member now." in first.text
        assert "You are a member now." in second.text
        assert members(services, band) == [band.owner.email, EMAIL]

    def test_declines_by_the_other(
        self, api: httpx.Client, services: Services, band: Band, token: str
    ) -> None:
        page = answered(api, token, "decline")

        assert "You declined this invitation." in page.text
        assert members(services, band) == [band.owner.email]

    def test_does_nothing_without_an_answer(
        self, api: httpx.Client, services: Services, band: Band, token: str
    ) -> None:
        assert answered(api, token, "").status_code == 200
        assert members(services, band) == [band.owner.email]

    @pytest.mark.parametrize("made_up", ["", "1.made-up", "9.x"])
    def test_is_missing_for_a_made_up_link(self, api: httpx.Client, made_up: str) -> None:
        assert api.get("/invitation", params={"token": made_up}).status_code == 404
        assert answered(api, made_up, "accept").status_code == 404

    def test_says_that_it_was_withdrawn(
        self, api: httpx.Client, services: Services, band: Band
    ) -> None:
        invitation = band.invite(EMAIL, MANAGER)
        services.invitations.revoke(
            owner=band.owner, organization_id=band.id, invitation_id=invitation.id
        )

        page = answered(api, LINKS.issue(invitation.link_subject), "accept")

        assert page.status_code == 410
        assert "This invitation was withdrawn." in page.text

    def test_says_that_an_account_is_disabled(
        self, api: httpx.Client, services: Services, make: Factory, band: Band
    ) -> None:
        bola, admin = make.user(name="bola"), make.user(role=Role.ADMIN)
        token = LINKS.issue(band.invite(bola.email, MANAGER).link_subject)
        services.account_control.set_disabled(actor=admin.actor, user_id=bola.id, disabled=True)

        assert answered(api, token, "accept").status_code == 403
        assert members(services, band) == [band.owner.email]
