"""Deny by default: every operation is tried as everybody, and serves those its route declares."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import bindparam, insert, text
from starlette.routing import Mount, Route

from app.domain.ids import EventId
from app.domain.states import Role
from app.factory import ALL_ROUTERS
from app.http.callers import Access
from app.http.services import Services
from app.http.strict_route import StrictRoute
from app.models.base import UtcDateTime
from app.models.organizers.organizations import Membership
from app.repositories.database import Database
from app.services.users.accounts import OPERATOR
from tests.api.access import (
    BODIES,
    CALLERS,
    MEMBERS,
    MOUNTS,
    NOTES_OF_THEIR_OWN,
    PAGES,
    PATHS,
    REFUSED_ALL_THE_SAME,
    may_call,
    refusal_of,
)
from tests.api.access_rows import Rows, address_of, kept, make_rows, query_of, sent_with
from tests.api.answers import code_of
from tests.api.conftest import EVENT, Headers, Person, one_database
from tests.api.described_operations import Operation, operations_of
from tests.support.factories import Factory
from tests.support.fakes import START

ROUTES: dict[str, StrictRoute] = {
    f"{method} {route.path.rstrip('/')}": route
    for router in ALL_ROUTERS
    for route in router.routes
    if isinstance(route, StrictRoute) and route.include_in_schema
    for method in route.methods or ()
}
TRIED = sorted(
    operation
    for operation, route in ROUTES.items()
    if route.access is not Access.PUBLIC
    and (route.access is not Access.ACCOUNT or "{" in operation)
)
"""Those that do not serve everybody alike, or name something in their path."""
NOT_THEIR_OWN = set(Access) - {Access.PUBLIC, Access.ACCOUNT, Access.OWNER, Access.SCANNER}
"""Whose operations serve admins though the rows are not theirs."""
AT_THE_DOOR = [
    operation for operation in TRIED if ROUTES[operation].access in (Access.STAFF, Access.CHECK_IN)
]


@pytest.fixture
def people(
    enter: Callable[[str, Role], Person],
    ada: Person,
    bola: Person,
    organizer: Person,
    rival: Person,
    admin: Person,
) -> dict[str, Person]:
    known = {"ada": ada, "bola": bola, "organizer": organizer, "rival": rival, "admin": admin}
    # A personal organization counts members who are organizers.
    members = {name: enter(name, Role.ORGANIZER) for name in MEMBERS if name not in known}
    return {**known, **members, "staff": enter("staff", Role.BUYER)}


@pytest.fixture
def rows(services: Services, make: Factory, database: Database, people: dict[str, Person]) -> Rows:
    made = make_rows(services, make, organizer=people["organizer"].user, ada=people["ada"].user)
    organization_id = services.events.get(EventId(int(made["event_id"]))).organization_id
    with database.engine.begin() as connection:
        for name, role in MEMBERS.items():
            if name != "organizer":
                membership = {
                    "organization_id": organization_id,
                    "user_id": people[name].user.id,
                    "role": role,
                    "created_at": START,
                }
                connection.execute(insert(Membership).values(membership))
    return made


@pytest.fixture
def headers_of(services: Services, people: dict[str, Person], rows: Rows) -> dict[str, Headers]:
    """What everybody calls with, a scanner of the event among them."""
    made = services.devices.prepare(
        event_id=EventId(int(rows["event_id"])),
        organizer=people["organizer"].user,
        name="Phone",
        gate=None,
        url_of=str,
    )
    token, _ = services.devices.enrol(code=made.code)
    of_accounts = {name: person.headers for name, person in people.items()}
    return {**of_accounts, "scanner": {"Authorization": f"Bearer {token}"}}


Attempt = Callable[[str, str], httpx.Response]


@pytest.fixture
def attempt(api: httpx.Client, app: FastAPI, rows: Rows, headers_of: dict[str, Headers]) -> Attempt:
    """Calls an operation as a person, with its example and the rows that were made."""
    described = {str(operation): operation for operation in operations_of(app)}

    def call(name: str, person: str) -> httpx.Response:
        operation = described[name]
        return api.request(
            operation.method,
            address_of(operation, rows),
            params=query_of(operation),
            **sent_with(operation, rows),
            headers=headers_of[person],
        )

    return call


class TestEveryOperation:
    def test_is_declared(self, app: FastAPI) -> None:
        assert {str(operation) for operation in operations_of(app)} == set(ROUTES)
        for named in (PATHS, BODIES, REFUSED_ALL_THE_SAME):
            assert set(named) <= set(ROUTES), "tests/api/access.py names what is gone"

    def test_that_needs_a_token_refuses_without_one(
        self, api: httpx.Client, app: FastAPI, ada: Person
    ) -> None:
        for operation in operations_of(app):
            if ROUTES[str(operation)].access is Access.PUBLIC:
                continue
            body: Any = operation.example if operation.body else None
            assert "security" in operation.described, str(operation)
            for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}):
                answer = api.request(operation.method, operation.path, json=body, headers=headers)
                assert code_of(answer) == (401, "not-logged-in"), str(operation)
                assert answer.headers["www-authenticate"] == "Bearer"

    def test_that_is_public_needs_none(self, api: httpx.Client, app: FastAPI) -> None:
        for operation in operations_of(app):
            if ROUTES[str(operation)].access is not Access.PUBLIC:
                continue
            body: Any = EVENT if operation.template == "/events" else {}
            answer = api.request(operation.method, operation.path, json=body)
            refusal = answer.json().get("code") if answer.is_error else None
            assert refusal not in {"not-logged-in", "role-missing"}, str(operation)

    def test_refuses_everybody_its_route_does_not_declare(self, attempt: Attempt) -> None:
        expected = {
            (operation, person): refusal_of(ROUTES[operation], person)
            for operation in TRIED
            for person in CALLERS
            if not may_call(ROUTES[operation], person)
        }

        answers = {call: attempt(*call).status_code for call in expected}

        assert answers == expected, (
            "if others may call an operation, let its route declare another type of caller "
            "(app/http/callers.py)"
        )

    def test_refuses_an_organizer_who_is_one_no_more(
        self, services: Services, attempt: Attempt
    ) -> None:
        services.users.set_role(name="organizer", role=Role.BUYER)
        expected = {
            operation: 403 if ROUTES[operation].access is Access.ANY_MEMBER else 404
            for operation in TRIED
            if ROUTES[operation].action is not None
        }

        answers = {name: attempt(name, "organizer").status_code for name in expected}

        assert answers == expected

    @pytest.mark.slow
    @one_database
    def test_serves_those_its_route_declares(self, attempt: Attempt, database: Database) -> None:
        refused = {}
        with kept(database) as restore:
            for operation in TRIED:
                for person in CALLERS:
                    if not may_call(ROUTES[operation], person):
                        continue
                    answer = attempt(operation, person)
                    expected = REFUSED_ALL_THE_SAME.get(operation)
                    if answer.status_code != expected and not answer.is_success:
                        refused[operation, person] = answer.text
                    if not operation.startswith("GET"):
                        restore()

        assert refused == {}, (
            "if an example fits another row, say so in PATHS or BODIES of tests/api/access.py"
        )

    @one_database
    def test_by_an_admin_is_in_their_log(
        self, attempt: Attempt, app: FastAPI, database: Database, services: Services
    ) -> None:
        """What admins may do as members may, with the reason where the operation takes one."""
        admin = services.account_control.find(actor=OPERATOR, name="admin")
        traceless, wordless = [], []
        with kept(database) as restore:
            for operation in operations_of(app):
                name, access = str(operation), ROUTES[str(operation)].access
                if access not in NOT_THEIR_OWN:
                    continue
                answer = attempt(name, "admin")
                log = services.admin_log.page(caller=admin, after=None, limit=9).items
                restore()
                as_member = [row for row in log if (row.detail or "").rstrip("/") == name]
                if len(as_member) != (access is not Access.ADMIN):
                    traceless.append(name)
                reason = reason_of(operation)
                explained = [row for row in log if row.reason == reason]
                is_named = access is Access.ADMIN or all(row.account_id for row in explained)
                if reason and answer.is_success and not (len(explained) == 1 and is_named):
                    wordless.append(name)

        assert traceless == [], "let its caller note it, as `current_member` does"
        assert wordless == [], "let its service add the reason, as `note_if_admin` does"

    @pytest.mark.parametrize(
        ("hours", "expected"), [(71, 200), (72, 404)], ids=["for_a_while", "no_longer"]
    )
    @one_database
    def test_at_the_door_serves_staff_and_scanners_after_the_event(
        self, database: Database, attempt: Attempt, rows: Rows, hours: int, expected: int
    ) -> None:
        move(database, rows["event_id"], ended_at=START - timedelta(hours=hours))
        calls = [
            (operation, person)
            for operation in AT_THE_DOOR
            for person in ("staff", "scanner")
            if may_call(ROUTES[operation], person)
        ]

        with kept(database) as restore:
            answers = {}
            for call in calls:
                answers[call] = attempt(*call).status_code
                restore()
            of_organizer = {name: attempt(name, "organizer").status_code for name in AT_THE_DOOR}

        assert answers == dict.fromkeys(calls, expected)
        assert of_organizer == dict.fromkeys(AT_THE_DOOR, 200)


class TestEveryOtherAddress:
    def test_is_declared(self, app: FastAPI) -> None:
        templates = set(app.openapi()["paths"])

        others = {path for path in all_paths(app) if (path.rstrip("/") or "/") not in templates}

        assert others == PAGES | MOUNTS


def reason_of(operation: Operation) -> str | None:
    """The reason that a call of the operation gives, in its body or as its note."""
    if not operation.body or str(operation) in NOTES_OF_THEIR_OWN:
        return None
    body = BODIES.get(str(operation), operation.example)
    return body.get("reason", body.get("note"))


def move(database: Database, event_id: int | str, *, ended_at: datetime) -> None:
    """Let the event have been at another time, behind the shop's back."""
    moved = text("UPDATE events SET starts_at = :starts, ends_at = :ends WHERE id = :event")
    with database.engine.begin() as connection:
        connection.execute(
            moved.bindparams(
                bindparam("starts", type_=UtcDateTime), bindparam("ends", type_=UtcDateTime)
            ),
            {"starts": ended_at - timedelta(hours=3), "ends": ended_at, "event": event_id},
        )


def all_paths(app: FastAPI) -> set[str]:
    """Every address the app answers at, whether it is described or not."""
    routes = [each for router in ALL_ROUTERS for each in router.routes]
    return {each.path for each in (*routes, *app.routes) if isinstance(each, Route | Mount)}
