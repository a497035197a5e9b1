"""The same event once more: a draft on another date, with its ticket types and promo codes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import inspect

from app.domain.permissions import ROLES_FOR, Action, OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.events.events import Event
from app.models.events.promo_codes import PromoCode
from app.models.events.ticket_types import TicketType
from app.repositories.database import Database
from app.services.events.duplicates import Distance, code_copy, event_copy, type_copy
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import EVENT, Person
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import START

EARLY: Final = {
    "name": "Early bird",
    "ticket_price": 2000,
    "capacity": 20,
    "sales_open_at": "2030-04-01T10:00:00",
    "sales_close_at": "2030-05-01T10:00:00",
    "min_per_order": 2,
    "max_per_order": 4,
}
CREW: Final = {"name": "Crew", "ticket_price": 0, "access_code": "CREW2030"}
BERLIN: Final = {
    **EVENT,
    "description": "Five bands.",
    "image_url": "https://example.com/jazz.png",
    "time_zone": "Europe/Berlin",
    "ends_at": "2030-06-01T23:00:00",
    "doors_open_at": "2030-06-01T18:00:00",
    "shared_capacity": 50,
    "max_per_buyer": 6,
    "refund_hours": 24,
    "reentry": True,
    "terms": "No glass.",
    "ticket_types": [EARLY, CREW],
}
MOVED: Final = {"date", "ends_at", "doors_open_at", "sales_open_at", "sales_close_at"}
OWN: Final = {"id", "is_draft", "ticket_types", "places_left", "version", *MOVED}


LEFT: Final = {
    Event: {"id", "created_by", "title_key", "category_key", "search_text", "held", "sold"}
    | {"reminded_at", "cancelled_at", "sales_paused_at", "version"},
    TicketType: {"id", "event_id", "held", "sold"},
    PromoCode: {"id", "event_id"},
}


def duplicate(api: httpx.Client, person: Person, event_id: int = 1, **body: Any) -> httpx.Response:
    wanted = {"date": "2030-12-01T20:00:00", **body}
    return api.post(f"/events/{event_id}/duplicate", json=wanted, headers=person.headers)


def without(described: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in described.items() if name not in names}


def sub_list(api: httpx.Client, person: Person, event_id: int, what: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = api.get(
        f"/events/{event_id}/{what}", headers=person.headers
    ).json()
    return found


@pytest.fixture
def event(api: httpx.Client, organizer: Person) -> dict[str, Any]:
    """Event 1 with everything an event can have."""
    made: dict[str, Any] = api.post("/events/", json=BERLIN, headers=organizer.headers).json()
    early = {
        "code": "EARLYBIRD",
        "kind": "percent",
        "value": 20,
        "max_uses": 50,
        "ticket_type_ids": [1],
        "valid_from": "2030-03-31T12:00:00",
        "valid_until": "2030-05-31T23:59:00",
    }
    for code in (early, {"code": "FRIENDS", "kind": "fixed", "value": 500}):
        answer = api.post("/events/1/promo-codes", json=code, headers=organizer.headers)
        assert answer.status_code == 201, answer.text
    return made


class TestDuplicate:
    @pytest.mark.smoke
    def test_copies_all_and_moves_its_moments_by_the_clocks_of_its_place(
        self, api: httpx.Client, organizer: Person, event: dict[str, Any]
    ) -> None:
        answer = duplicate(api, organizer)

        assert answer.status_code == 201
        copy = answer.json()
        assert (copy["id"], copy["is_draft"], copy["version"]) == (2, True, 1)
        assert without(copy, OWN) == without(event, OWN)
        # Winter in Berlin is an hour from UTC, summer two: doors stay an hour before the start.
        assert [copy[name] for name in ("date", "ends_at", "doors_open_at")] == [
            "2030-12-01T19:00:00Z",
            "2030-12-01T23:00:00Z",
            "2030-12-01T18:00:00Z",
        ]

    def test_copies_ticket_types_with_free_places(
        self,
        api: httpx.Client,
        organizer: Person,
        make: Factory,
        database: Database,
        event: dict[str, Any],
    ) -> None:
        with database.writing() as work:
            assert work.ticket_types.sell(event["ticket_types"][0]["id"], 3)
        duplicate(api, organizer)

        early, crew = sub_list(api, organizer, 2, "ticket-types")

        before = sub_list(api, organizer, 1, "ticket-types")
        own = {"id", "taken", "places_left", *MOVED}
        assert [without(each, own) for each in (early, crew)] == [
            without(each, own) for each in before
        ]
        assert (before[0]["places_left"], early["places_left"]) == (17, 20)
        assert early["sales_open_at"] == "2030-10-01T09:00:00Z"  # six months later, at 11:00
        assert early["sales_close_at"] == "2030-10-31T10:00:00Z"
        assert crew["access_code"] == "CREW2030"

    def test_copies_promo_codes_unused_and_for_the_new_types(
        self,
        api: httpx.Client,
        organizer: Person,
        ada: Person,
        make: Factory,
        event: dict[str, Any],
    ) -> None:
        api.patch("/events/1/promo-codes/2", json={"is_stopped": True}, headers=organizer.headers)
        duplicate(api, organizer)

        early, friends = sub_list(api, organizer, 2, "promo-codes")

        before = sub_list(api, organizer, 1, "promo-codes")
        own = {"id", "ticket_type_ids", "valid_from", "valid_until"}
        assert [without(each, own) for each in (early, friends)] == [
            without(each, own) for each in before
        ]
        assert (early["ticket_type_ids"], friends["ticket_type_ids"]) == ([3], [])
        assert early["valid_from"] == "2030-09-30T11:00:00Z"
        assert friends["is_stopped"] is True

    def test_counts_no_use_of_a_code(
        self, api: httpx.Client, organizer: Person, ada: Person, make: Factory
    ) -> None:
        make.event(organizer=organizer.user)
        code = {"code": "ONCE", "kind": "percent", "value": 20, "max_uses": 1}
        api.post("/events/1/promo-codes", json=code, headers=organizer.headers)
        wanted = {"event_id": 1, "promo_code": "once"}
        assert api.post("/orders/", json=wanted, headers=ada.headers).status_code == 201

        duplicate(api, organizer)
        api.post("/events/2/publish", headers=organizer.headers)

        used = [sub_list(api, organizer, each, "promo-codes")[0]["used"] for each in (1, 2)]
        assert used == [1, 0]
        wanted = {"event_id": 2, "promo_code": "once"}
        assert api.post("/orders/", json=wanted, headers=ada.headers).status_code == 201

    def test_takes_another_title_and_is_found_by_it(
        self, api: httpx.Client, organizer: Person, event: dict[str, Any]
    ) -> None:
        duplicate(api, organizer, title="Jazz again")
        api.post("/events/2/publish", headers=organizer.headers)

        assert [each["id"] for each in api.get("/events/", params={"q": "again"}).json()] == [2]

    def test_copies_what_is_cancelled_paused_or_over(
        self, api: httpx.Client, make: Factory, organizer: Person, services: Services
    ) -> None:
        event = make.event(organizer=organizer.user)
        services.event_life.pause_sales(event_id=event.id, organizer=organizer.user)
        services.events.cancel(event_id=event.id, organizer=organizer.user, dry_run=False)

        copy = duplicate(api, organizer).json()

        assert (copy["cancelled_at"], copy["sales_paused_at"]) == (None, None)

    @pytest.mark.parametrize(
        ("date", "code"),
        [("2026-01-01T20:00:00", "event-in-past"), ("not a date", "validation-failed")],
    )
    def test_refuses_dates_that_do_not_lie_ahead(
        self, api: httpx.Client, organizer: Person, event: dict[str, Any], date: str, code: str
    ) -> None:
        answer = duplicate(api, organizer, date=date)

        assert code_of(answer) == (422, code)
        assert pointers_of(answer) == ["/date"]

    def test_refuses_to_move_a_moment_beyond_all_calendars(
        self, api: httpx.Client, organizer: Person
    ) -> None:
        far = {**EVENT, "ends_at": "8999-01-01T00:00:00"}
        api.post("/events/", json=far, headers=organizer.headers)

        answer = duplicate(api, organizer, date="8998-01-01T00:00:00")

        assert code_of(answer) == (422, "event-value-invalid")
        assert pointers_of(answer) == ["/date"]

    def test_is_made_once_under_one_key(
        self, api: httpx.Client, organizer: Person, event: dict[str, Any]
    ) -> None:
        keyed = Person(organizer.user, {**organizer.headers, "Idempotency-Key": "once"})

        first, again = duplicate(api, keyed), duplicate(api, keyed)

        assert first.json() == again.json()
        assert api.get("/events/3", headers=organizer.headers).status_code == 404

    @pytest.mark.parametrize("role", OrganizationRole)
    def test_is_for_those_who_may_create_events_there(
        self,
        api: httpx.Client,
        services: Services,
        make: Factory,
        enter: Callable[[str, Role], Person],
        rival: Person,
        role: OrganizationRole,
    ) -> None:
        band = Band(services, make)
        make.event(organizer=band.owner, organization_id=band.id)
        member = enter("member", Role.BUYER)
        band.join(member.user, role)

        answer = duplicate(api, member)

        allowed = role in ROLES_FOR[Action.CREATE_EVENT]
        assert answer.status_code == (201 if allowed else 403)
        assert code_of(duplicate(api, rival)) == (404, "event-not-found")
        if allowed:
            assert answer.json()["organization"]["id"] == band.id
            assert answer.json()["organizer_id"] == member.user.id


class TestEveryColumn:
    """With a new column comes the decision whether a duplicate has it: see ``duplicates.py``."""

    def test_is_copied_or_left_on_purpose(self) -> None:
        distance = Distance(timedelta(days=7), "Africa/Lagos")
        event, kind, code = Event(), TicketType(), PromoCode(ticket_type_ids=[])
        copies = {
            Event: event_copy(event, start=START, distance=distance, now=START),
            TicketType: type_copy(kind, distance=distance),
            PromoCode: code_copy(code, distance=distance),
        }

        for model, copy in copies.items():
            columns = {column.key for column in inspect(model).columns}
            assert columns - LEFT[model] == set(vars(copy)) - {"_sa_instance_state"}
