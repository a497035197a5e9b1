"""Teams in the console: members, their roles, and invitations."""

import pytest

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of
from tests.steps.console import created, signed_in
from tests.steps.organizations import Band, token_of
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeMailer

pytestmark = one_database

HOSTILE = """X"><script>alert(1)</script>{{7*7}}"""


@pytest.fixture
def band(services: Services, make: Factory, seller: User) -> Band:
    return Band(services, make, owner=seller)


@pytest.fixture
def path(band: Band, visitor: Visitor) -> str:
    address = f"/manage/teams/{band.id}"
    visitor.open(address)
    return address


def roles_of(services: Services, band: Band) -> dict[str, str]:
    found = services.members.page(
        member=band.owner, organization_id=band.id, after=None, limit=100
    ).items
    return {each.user.username: str(each.membership.role) for each in found}


class TestTeams:
    def test_are_started_by_who_owns_them(self, visitor: Visitor) -> None:
        visitor.open("/manage/teams")

        answer = visitor.post("/manage/teams", name="Jazz Collective")

        page = visitor.open(answer.headers["location"])
        assert "Jazz Collective" in page
        assert "You</span>" in page
        assert "Jazz Collective" in visitor.open("/manage/teams")

    def test_are_started_once_however_often_the_form_is_sent(self, visitor: Visitor) -> None:
        visitor.open("/manage/teams")

        twice = [visitor.post("/manage/teams", name="Jazz Collective") for _ in range(2)]

        assert twice[0].headers["location"] == twice[1].headers["location"]
        assert visitor.open("/manage/teams").count(">Jazz Collective</a>") == 1

    def test_need_a_name_and_a_confirmed_address(
        self, visitor: Visitor, services: Services
    ) -> None:
        services.users.register(email="tunde@example.com", username="tunde", password=PASSWORD)
        tunde = Visitor(visitor.api)
        tunde.sign_in("tunde")

        empty = visitor.post("/manage/teams", 422, name=" ").text
        unconfirmed = tunde.post("/manage/teams", 403, name="Jazz Collective").text

        assert mistake_at(empty, "name") == "This field is needed."
        assert "Confirm your e-mail address first" in unconfirmed
        assert value_of(unconfirmed, "name") == "Jazz Collective"

    def test_of_one_say_that_they_take_no_members(self, visitor: Visitor) -> None:
        created(visitor)

        page = visitor.open("/manage/teams/1")

        assert "personal organization" in page
        assert "Invite a member" not in page
        assert "Personal</span>" in visitor.open("/manage/teams")


class TestInvitations:
    def test_bring_a_mail_whose_reader_joins(
        self,
        visitor: Visitor,
        path: str,
        services: Services,
        band: Band,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        make.user(name="ngozi")

        visitor.post(f"{path}/invitations", email="ngozi@example.com", role="finance")

        assert "ngozi@example.com" in visitor.open(path)
        make.work()
        services.invitations.accept(token=token_of(mailer, "ngozi@example.com"))
        assert roles_of(services, band)["ngozi"] == "finance"
        assert "Invited</h2>" not in visitor.open(path)

    def test_are_withdrawn_once(self, visitor: Visitor, path: str, band: Band) -> None:
        invitation = band.invite("ngozi@example.com", OrganizationRole.SUPPORT)

        visitor.post(f"{path}/invitations/{invitation.id}/withdraw")
        page = visitor.post(f"{path}/invitations/{invitation.id}/withdraw", 404).text

        assert "no open invitation" in page
        assert "ngozi@example.com" not in visitor.open(path)

    def test_say_beside_the_field_what_is_wrong(
        self, visitor: Visitor, path: str, band: Band
    ) -> None:
        band.invite("ngozi@example.com", OrganizationRole.SUPPORT)
        send = f"{path}/invitations"

        bad = visitor.post(send, 422, email="nowhere", role="king").text
        open_already = visitor.post(send, 409, email="ngozi@example.com", role="support").text
        member = visitor.post(send, 409, email="seller@example.com", role="support").text

        assert "e-mail address" in mistake_at(bad, "email")
        assert mistake_at(bad, "role")
        assert value_of(bad, "email") == "nowhere"
        assert "Withdraw that invitation" in mistake_at(open_already, "email")
        assert "change its role above" in mistake_at(member, "email")

    def test_are_shown_however_many_were_sent(
        self, visitor: Visitor, path: str, band: Band, services: Services
    ) -> None:
        for number in range(50):
            invitation = band.invite(f"a{number}@example.com", OrganizationRole.SUPPORT)
        assert "a0@example.com" in visitor.open(path)

        page = visitor.post(
            f"{path}/invitations", 429, email="one.more@example.com", role="support"
        ).text

        assert "asked for too often" in page
        assert value_of(page, "email") == "one.more@example.com"
        assert invitation.email in page


class TestMembers:
    def test_get_other_roles_and_are_removed(
        self, visitor: Visitor, path: str, services: Services, band: Band
    ) -> None:
        ngozi = band.member(OrganizationRole.SUPPORT, name="ngozi")
        visitor.post(f"{path}/members/{ngozi.id}", role="manager")
        assert roles_of(services, band)["ngozi"] == "manager"
        visitor.post(f"{path}/members/{ngozi.id}", 422, role="king")

        visitor.post(f"{path}/members/{ngozi.id}/remove")

        assert "ngozi" not in roles_of(services, band)
        visitor.post(f"{path}/members/{ngozi.id}/remove", 404)

    def test_keep_an_owner(
        self, visitor: Visitor, path: str, services: Services, band: Band, seller: User
    ) -> None:
        own = f"{path}/members/{seller.id}"

        pages = [visitor.post(own, 409, role="checker"), visitor.post(f"{own}/remove", 409)]

        assert ["Make another member an owner first" in each.text for each in pages] == [True] * 2
        assert roles_of(services, band) == {"seller": "owner"}

    def test_leave_by_themselves(
        self, visitor: Visitor, path: str, services: Services, band: Band
    ) -> None:
        ngozi = signed_in(visitor, band.member(OrganizationRole.CHECKER, name="ngozi"))
        page = ngozi.open(path)
        assert "Leave" in page
        assert "Invite a member" not in page
        user_id = page.split(f'action="{path}/members/')[1].split("/")[0]

        answer = ngozi.post(f"{path}/members/{user_id}/remove")

        assert answer.headers["location"] == "/manage/teams"
        assert "ngozi" not in roles_of(services, band)


class TestRights:
    ACTIONS = ("/invitations", "/invitations/1/withdraw", "/members/1", "/members/1/remove")

    def test_of_others_are_none(self, visitor: Visitor, path: str, make: Factory) -> None:
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        assert "Band" not in rival.open(path, 404)
        for action in self.ACTIONS:
            rival.post(path + action, 404, role="owner", email="rival@example.com")

    def test_to_change_are_owners(
        self, visitor: Visitor, path: str, services: Services, band: Band, seller: User
    ) -> None:
        manager = signed_in(visitor, band.member(OrganizationRole.MANAGER, name="ngozi"))
        manager.open(path)

        manager.post(f"{path}/invitations", 403, role="owner", email="rival@example.com")
        manager.post(f"{path}/members/{seller.id}", 403, role="checker")
        manager.post(f"{path}/members/{seller.id}/remove", 403)

        assert roles_of(services, band) == {"seller": "owner", "ngozi": "manager"}


def test_hostile_text_is_shown_as_text(visitor: Visitor) -> None:
    visitor.open("/manage/teams")
    address = visitor.post("/manage/teams", name=HOSTILE).headers["location"]
    pages = [visitor.open(address), visitor.open("/manage/teams")]
    pages.append(visitor.post(f"{address}/invitations", 422, email=HOSTILE, role=HOSTILE).text)

    for page in pages:
        assert "alert(" in page
        assert "<script" not in page
        assert "49 " not in page
