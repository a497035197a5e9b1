"""An event is handed over to another organization in the console, without a script."""

import re

import pytest

from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, hidden_in, mistake_at, words_of
from tests.steps.console import created, id_in, signed_in
from tests.steps.organizations import Band
from tests.support.factories import Factory

pytestmark = one_database

CHOICES = re.compile(r'<option value="([0-9]*)"[^>]*>([^<]+)</option>')


@pytest.fixture
def band(services: Services, make: Factory, seller: User) -> Band:
    return Band(services, make, owner=seller)


@pytest.fixture
def path(visitor: Visitor, band: Band) -> str:
    """The address of an event of the seller alone, who is in a band as well."""
    return created(visitor, organization_id="")


def join(services: Services, make: Factory, seller: User, role: OrganizationRole) -> Band:
    """Another band, in which the seller is this."""
    others = Band(services, make, owner=make.user(role=Role.ORGANIZER))
    others.join(seller, role)
    return others


class TestHandOver:
    def test_gives_the_event_to_the_organization_that_was_chosen(
        self, visitor: Visitor, services: Services, band: Band, path: str
    ) -> None:
        assert f'href="{path}/handover"' in visitor.open(path)
        page = visitor.open(f"{path}/handover")
        sent = {"form_token": hidden_in(page, "form_token"), "organization_id": str(band.id)}

        answer = visitor.post(f"{path}/handover", **sent)

        assert answer.headers["location"] == path
        assert services.events.get(id_in(path)).organization_id == band.id
        assert "Band" in visitor.open("/manage")

    def test_says_before_what_it_means(self, visitor: Visitor, path: str) -> None:
        words = words_of(visitor.open(f"{path}/handover"))

        for each in ("Team", "Money", "Look", "Gate staff and scanners of the event stay"):
            assert each in words
        assert "It is seller's now" in words

    def test_offers_where_one_may_create_events_and_says_where_it_can_be_handed_back(
        self, visitor: Visitor, services: Services, seller: User, make: Factory, path: str
    ) -> None:
        managed = join(services, make, seller, OrganizationRole.MANAGER)
        watched = join(services, make, seller, OrganizationRole.FINANCE)

        offered = CHOICES.findall(visitor.open(f"{path}/handover"))

        assert [words for _, words in offered] == [
            "Choose one",
            "Band (you can hand it back from there)",
            "Band (only its owners can hand it back)",
        ]
        assert str(managed.id) in dict(offered)
        assert str(watched.id) not in dict(offered)

    def test_sent_twice_is_done_once_also_where_one_may_not_hand_over_again(
        self, visitor: Visitor, services: Services, seller: User, make: Factory, path: str
    ) -> None:
        managed = join(services, make, seller, OrganizationRole.MANAGER)
        page = visitor.open(f"{path}/handover")
        sent = {"form_token": hidden_in(page, "form_token"), "organization_id": str(managed.id)}

        for _ in range(2):
            answer = visitor.post(f"{path}/handover", **sent)
            assert answer.headers["location"] == path

        assert services.events.get(id_in(path)).organization_id == managed.id
        visitor.open(f"{path}/handover", 403)
        assert "/handover" not in visitor.open(path)

    @pytest.mark.parametrize(
        ("chosen", "status", "told"),
        [
            ("", 422, "This field is needed."),
            ("many", 422, "Write a number"),
            ("999", 404, "organization"),
        ],
    )
    def test_of_no_organization_is_told_beside_the_field(
        self,
        visitor: Visitor,
        services: Services,
        seller: User,
        path: str,
        chosen: str,
        status: int,
        told: str,
    ) -> None:
        before = services.events.get(id_in(path)).organization_id
        visitor.open(f"{path}/handover")

        page = visitor.post(f"{path}/handover", status, organization_id=chosen).text

        assert told in mistake_at(page, "organization_id")
        assert services.events.get(id_in(path)).organization_id == before

    def test_where_one_may_not_create_events_is_told_beside_the_field(
        self, visitor: Visitor, services: Services, seller: User, make: Factory, path: str
    ) -> None:
        watched = join(services, make, seller, OrganizationRole.FINANCE)
        visitor.open(f"{path}/handover")

        page = visitor.post(f"{path}/handover", 403, organization_id=str(watched.id)).text

        assert "does not allow" in mistake_at(page, "organization_id")

    def test_without_another_organization_says_what_to_do(self, visitor: Visitor) -> None:
        page = visitor.open(f"{created(visitor)}/handover")

        assert "<select" not in page
        assert 'href="/manage/teams"' in page

    def test_is_for_owners(
        self, visitor: Visitor, services: Services, seller: User, band: Band, make: Factory
    ) -> None:
        path = created(visitor, organization_id=str(band.id))
        manager = signed_in(visitor, band.member(OrganizationRole.MANAGER))

        assert "/handover" not in manager.open(path)
        assert "does not allow" in manager.open(f"{path}/handover", 403)

    def test_frees_an_organization_to_be_deleted_whose_page_says_so(
        self, visitor: Visitor, band: Band
    ) -> None:
        path = created(visitor, organization_id=str(band.id))
        created(visitor, organization_id="")
        ending = f"/manage/organizations/{band.id}/delete"
        assert "Hand its events over" in words_of(visitor.open(ending))
        own = next(
            number
            for number, words in CHOICES.findall(visitor.open(f"{path}/handover"))
            if words.startswith("seller")
        )

        visitor.post(f"{path}/handover", organization_id=own)

        visitor.open(ending)
        assert visitor.post(ending).headers["location"] == "/manage/teams"
