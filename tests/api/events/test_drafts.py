"""Drafts: they exist for members alone, and nothing of them is sold until they are published."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.domain.ids import TicketTypeId
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from app.services.events.ticket_types import NewTicketType
from tests.api.answers import code_of
from tests.api.conftest import EVENT, Headers, Person
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock

PAGES = (
    *("/events/1", "/events/1.ics", "/e/1", "/e/1-lagos-jazz-night", "/e/1?access_code=CREW2030"),
    *("/e/1.ics", "/e/1/embed", "/e/1/poster", "/e/1/poster.svg"),
)
FIRST = TicketTypeId(1)
GUEST = {"name": "Ada Obi", "email": "guest@example.com"}

Purchase = Callable[[httpx.Client, Headers], httpx.Response]

PURCHASES: dict[str, Purchase] = {
    "pay": lambda api, who: api.post("/payments/pay", json={"event_id": 1}, headers=who),
    "order": lambda api, who: api.post("/orders/", json={"event_id": 1}, headers=who),
    "one_type": lambda api, who: api.post(
        "/orders/",
        json={"event_id": 1, "items": [{"ticket_type_id": 1, "quantity": 1}]},
        headers=who,
    ),
    "hidden_type": lambda api, who: api.post(
        "/orders/",
        json={
            "event_id": 1,
            "items": [{"ticket_type_id": 2, "quantity": 1}],
            "access_code": "CREW2030",
        },
        headers=who,
    ),
    "checkout": lambda api, _: api.post("/checkout", json={"event_id": 1, **GUEST}),
    "checkout_page": lambda api, _: api.post("/e/1/checkout", data={"quantity-1": "1", **GUEST}),
    "wait": lambda api, who: api.post(
        "/events/1/waiting-list", json={"ticket_type_id": 1}, headers=who
    ),
    "wait_page": lambda api, _: api.post(
        "/e/1/waiting-list", data={"ticket_type_id": "1", "quantity": "1", **GUEST}
    ),
}


def create_draft(api: httpx.Client, person: Person, **changes: Any) -> httpx.Response:
    return api.post("/events/", json={**EVENT, "draft": True, **changes}, headers=person.headers)


def publish(api: httpx.Client, person: Person) -> httpx.Response:
    return api.post("/events/1/publish", headers=person.headers)


def missing_in(answer: httpx.Response) -> list[str]:
    """What a draft lacks that could not be published."""
    assert code_of(answer) == (409, "event-not-ready")
    return [error["pointer"] for error in answer.json()["errors"]]


@pytest.fixture
def draft(api: httpx.Client, organizer: Person) -> None:
    """Event 1, with a ticket type everybody would see and a hidden one."""
    types = [
        {"name": "Entry", "ticket_price": 2500, "capacity": 5},
        {"name": "Crew", "ticket_price": 0, "access_code": "CREW2030"},
    ]
    assert create_draft(api, organizer, ticket_types=types).status_code == 201


@pytest.mark.usefixtures("draft")
class TestDraft:
    @pytest.mark.parametrize("path", PAGES)
    def test_is_not_found_by_anybody_else(
        self, api: httpx.Client, ada: Person, rival: Person, organizer: Person, path: str
    ) -> None:
        readers = [{}, ada.headers, rival.headers]

        assert [api.get(path, headers=each).status_code for each in readers] == [404] * 3

        publish(api, organizer)
        found = api.get(path, follow_redirects=True)
        assert found.status_code == 200

    def test_is_in_no_list(self, api: httpx.Client, organizer: Person) -> None:
        every = {"past": True, "cancelled": True}

        assert api.get("/events/", params=every, headers=organizer.headers).json() == []
        assert "Jazz" not in api.get("/").text
        assert "Music" not in api.get("/").text

        publish(api, organizer)
        assert [each["id"] for each in api.get("/events/").json()] == [1]
        assert "Jazz" in api.get("/").text

    @pytest.mark.parametrize("name", PURCHASES)
    def test_cannot_be_bought_even_by_its_organizer(
        self, api: httpx.Client, ada: Person, organizer: Person, services: Services, name: str
    ) -> None:
        for person in (ada, organizer):
            assert PURCHASES[name](api, person.headers).status_code == 404

        publish(api, organizer)
        after = PURCHASES[name](api, ada.headers)
        assert after.status_code in {200, 201, 303, 409}, after.text

    def test_keeps_places_from_the_statement_that_holds_them(
        self, database: Database, services: Services, api: httpx.Client, organizer: Person
    ) -> None:
        def take() -> list[bool]:
            with database.writing() as work:
                types = work.ticket_types
                held = [types.hold(FIRST, 1, skips_line=skips) for skips in (False, True)]
                return [price is not None for price in held] + [types.sell(FIRST, 1)]

        assert take() == [False, False, False]

        publish(api, organizer)
        assert take() == [True, True, True]


class TestMembers:
    @pytest.mark.parametrize("role", OrganizationRole)
    def test_see_it_by_their_role(
        self,
        api: httpx.Client,
        services: Services,
        make: Factory,
        enter: Callable[[str, Role], Person],
        role: OrganizationRole,
    ) -> None:
        band = Band(services, make)
        make.event(organizer=band.owner, organization_id=band.id, is_draft=True)
        member = enter("member", Role.BUYER)
        band.join(member.user, role)

        answer = api.get("/events/1", headers=member.headers)

        if role == OrganizationRole.CHECKER:
            assert code_of(answer) == (404, "event-not-found")
        else:
            assert answer.json()["is_draft"] is True

    @pytest.mark.usefixtures("draft")
    def test_and_admins_see_it_without_what_is_hidden(
        self, api: httpx.Client, organizer: Person, admin: Person
    ) -> None:
        for person in (organizer, admin):
            shown = api.get("/events/1", headers=person.headers).json()
            assert [each["name"] for each in shown["ticket_types"]] == ["Entry"]

    @pytest.mark.usefixtures("draft")
    def test_whose_login_has_ended_are_told_so(self, api: httpx.Client) -> None:
        wrong = {"Authorization": "Bearer nonsense"}

        assert code_of(api.get("/events/1", headers=wrong)) == (401, "not-logged-in")
        assert code_of(api.get("/events/2", headers=wrong)) == (401, "not-logged-in")

    @pytest.mark.usefixtures("draft")
    def test_change_it_as_ever_and_nobody_is_told(
        self, api: httpx.Client, organizer: Person, database: Database
    ) -> None:
        moved = api.patch(
            "/events/1", json={"date": "2030-07-01T19:00:00"}, headers=organizer.headers
        )
        added = api.post(
            "/events/1/ticket-types",
            json={"name": "VIP", "ticket_price": 9000},
            headers=organizer.headers,
        )

        assert (moved.json()["is_draft"], added.status_code) == (True, 201)
        with database.reading() as work:
            due = work.announcements.due(now=START + timedelta(days=9999), limit=9)
        assert list(due) == []

    @pytest.mark.usefixtures("draft")
    def test_delete_it_and_do_not_cancel_it(self, api: httpx.Client, organizer: Person) -> None:
        for dry_run in (True, False):
            cancelled = api.post(
                "/events/1/cancellation", json={"dry_run": dry_run}, headers=organizer.headers
            )
            assert code_of(cancelled) == (409, "event-is-draft")

        assert api.delete("/events/1", headers=organizer.headers).status_code == 204


class TestPublish:
    @pytest.mark.smoke
    def test_puts_it_on_sale_for_good(
        self, api: httpx.Client, organizer: Person, ada: Person
    ) -> None:
        made = create_draft(api, organizer).json()

        first, second = publish(api, organizer), publish(api, organizer)

        assert first.json() == {**made, "is_draft": False, "version": 2} == second.json()
        assert PURCHASES["pay"](api, ada.headers).status_code == 200

    def test_is_for_those_who_manage_events(
        self, api: httpx.Client, organizer: Person, ada: Person, rival: Person
    ) -> None:
        create_draft(api, organizer)

        answers = [publish(api, each) for each in (ada, rival)]

        assert [code_of(each) for each in answers] == [(404, "event-not-found")] * 2
        assert api.get("/events/1").status_code == 404

    def test_names_all_that_is_missing(
        self, api: httpx.Client, make: Factory, organizer: Person, clock: FakeClock
    ) -> None:
        soon = START + timedelta(minutes=10)
        types = [NewTicketType(name="Early", price=Decimal(1000), sales_close_at=soon)]
        make.event(organizer=organizer.user, starts_at=soon, ticket_types=types, is_draft=True)
        clock.advance(timedelta(minutes=10))

        answer = publish(api, organizer)

        assert missing_in(answer) == ["/date", "/ticket_types"]
        assert "date must be in the future" in answer.json()["detail"]

    def test_asks_for_one_type_whose_sale_is_not_over(
        self,
        api: httpx.Client,
        make: Factory,
        organizer: Person,
        services: Services,
        clock: FakeClock,
    ) -> None:
        soon = START + timedelta(minutes=10)
        early = NewTicketType(name="Early", price=Decimal(1000), sales_close_at=soon)
        event = make.event(organizer=organizer.user, ticket_types=[early], is_draft=True)
        clock.advance(timedelta(minutes=10))
        refused = publish(api, organizer)
        late = NewTicketType(name="Late", price=Decimal(1000))
        services.ticket_types.add(event_id=event.id, organizer=organizer.user, new=late)

        published = publish(api, organizer)

        assert missing_in(refused) == ["/ticket_types"]
        assert published.status_code == 200


class TestReminders:
    def test_of_a_draft_are_made_once_it_is_published(
        self, services: Services, make: Factory, organizer: Person, clock: FakeClock
    ) -> None:
        event = make.event(
            organizer=organizer.user, starts_at=START + timedelta(hours=20), is_draft=True
        )
        before = services.announcements.remind_due()
        services.event_life.publish(event_id=event.id, organizer=organizer.user)

        assert (before, services.announcements.remind_due()) == (0, 1)
