"""Deny by default: who may call what, declared once and tried on every operation."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Mount

from tests.api.answers import code_of
from tests.api.conftest import EVENT, Person
from tests.api.operations import operations_of
from tests.factories import Factory

PUBLIC = {
    "POST /users/",
    "POST /token",
    "POST /token/refresh",
    "POST /token/revoke",
    "GET /events/",
    "POST /events/",  # in the demo; an organizer's elsewhere, see TestCreate in test_events.py
    "GET /events/{event_id}",
    "POST /payments/webhook",  # proves itself by its signature
    "GET /health/live",
    "GET /health/ready",
}
NEEDS_TOKEN = {
    "GET /users/me",
    "PATCH /users/me",
    "POST /users/me/password",
    "PATCH /events/{event_id}",
    "DELETE /events/{event_id}",
    "POST /payments/pay",
    "POST /payments/verify/{reference}",
    "GET /payments/{reference}",
    "GET /tickets/",
    "GET /tickets/{ticket_id}",
}
PAGES = {
    "/openapi.json",
    "/docs",
    "/redoc",
    "/",
    "/payments/callback",  # knows nobody; the reference is its secret
    "/t/{link_key}",  # the address is the secret
}
MOUNTS = {"/static"}

Call = Callable[[httpx.Client, dict[str, int | str], dict[str, str]], httpx.Response]

OWNED: dict[str, tuple[Call, dict[str, int]]] = {
    "PATCH /events/{event_id}": (
        lambda api, ids, headers: api.patch(
            f"/events/{ids['event']}", json={"title": "New"}, headers=headers
        ),
        {"organizer": 200, "admin": 200, "rival": 404, "ada": 404, "bola": 404},
    ),
    "DELETE /events/{event_id}": (
        lambda api, ids, headers: api.delete(f"/events/{ids['unsold']}", headers=headers),
        {"rival": 404, "ada": 404, "bola": 404, "organizer": 204, "admin": 404},
    ),
    "POST /payments/verify/{reference}": (
        lambda api, ids, headers: api.post(f"/payments/verify/{ids['reference']}", headers=headers),
        {"ada": 200, "bola": 404, "organizer": 404, "rival": 404, "admin": 404},
    ),
    "GET /payments/{reference}": (
        lambda api, ids, headers: api.get(f"/payments/{ids['reference']}", headers=headers),
        {"ada": 200, "bola": 404, "organizer": 404, "rival": 404, "admin": 404},
    ),
    "GET /tickets/{ticket_id}": (
        lambda api, ids, headers: api.get(f"/tickets/{ids['ticket']}", headers=headers),
        {"ada": 200, "bola": 404, "organizer": 404, "rival": 404, "admin": 404},
    ),
}
"""What each person gets at what Ada bought and the organizer organizes, tried in this order."""


@pytest.fixture
def people(
    ada: Person, bola: Person, organizer: Person, rival: Person, admin: Person
) -> dict[str, Person]:
    return {"ada": ada, "bola": bola, "organizer": organizer, "rival": rival, "admin": admin}


@pytest.fixture
def ids(make: Factory, people: dict[str, Person]) -> dict[str, int | str]:
    event = make.event(organizer=people["organizer"].user)
    unsold = make.event(organizer=people["organizer"].user)
    bought = make.buy(people["ada"].user, event.id)
    return {
        "event": event.id,
        "unsold": unsold.id,
        "reference": bought.payment.reference,
        "ticket": bought.tickets[0].id,
    }


class TestEveryOperation:
    def test_is_declared(self, app: FastAPI) -> None:
        operations = {str(operation) for operation in operations_of(app)}

        assert operations == PUBLIC | NEEDS_TOKEN
        assert not PUBLIC & NEEDS_TOKEN

    def test_that_needs_a_token_refuses_without_one(
        self, api: httpx.Client, app: FastAPI, ada: Person
    ) -> None:
        for operation in operations_of(app):
            if str(operation) not in NEEDS_TOKEN:
                continue
            body: Any = operation.example if operation.body else None
            assert "security" in operation.described, str(operation)
            for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic x"}):
                answer = api.request(operation.method, operation.path, json=body, headers=headers)
                assert code_of(answer) == (401, "not-logged-in"), str(operation)
                assert answer.headers["www-authenticate"] == "Bearer"

    def test_that_is_public_needs_none(self, api: httpx.Client, app: FastAPI) -> None:
        for operation in operations_of(app):
            if str(operation) not in PUBLIC:
                continue
            body: Any = EVENT if operation.template == "/events/" else {}
            answer = api.request(operation.method, operation.path, json=body)
            refusal = answer.json().get("code") if answer.is_error else None
            assert refusal not in {"not-logged-in", "role-missing"}, str(operation)

    @pytest.mark.parametrize("operation", sorted(OWNED))
    def test_with_an_id_is_for_its_owner_only(
        self,
        api: httpx.Client,
        people: dict[str, Person],
        ids: dict[str, int | str],
        operation: str,
    ) -> None:
        call, expected = OWNED[operation]

        answers = {name: call(api, ids, people[name].headers).status_code for name in expected}

        assert answers == expected
        assert call(api, ids, {}).status_code == 401

    def test_with_an_id_is_among_those_tried(self) -> None:
        owned = {operation for operation in NEEDS_TOKEN if "{" in operation}

        assert owned == set(OWNED)


class TestEveryOtherAddress:
    def test_is_declared(self, app: FastAPI) -> None:
        templates = set(app.openapi()["paths"])

        others = {path for path in all_paths(app) if path not in templates}

        assert others == PAGES | MOUNTS


def all_paths(app: FastAPI) -> set[str]:
    """Every address the app answers at, whether it is described or not."""
    found = {route.path for route in app.routes if isinstance(route, Mount)}
    for route in app.routes:
        found |= {inner.path for inner in flattened(route)}
    return found


def flattened(route: Any) -> list[Any]:
    """The routes behind an included router; a route itself otherwise."""
    inner = getattr(route, "original_router", None)
    if inner is None:
        return [route]
    return [deeper for each in inner.routes for deeper in flattened(each)]
