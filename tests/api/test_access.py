"""Deny by default: who may call what, declared once and tried on every operation."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.routing import Mount

from app.routers.services import Services
from app.services.ticket_types import NewTicketType
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
    "POST /events/{event_id}/cancellation",
    "GET /events/{event_id}/ticket-types",
    "POST /events/{event_id}/ticket-types",
    "PATCH /events/{event_id}/ticket-types/{ticket_type_id}",
    "DELETE /events/{event_id}/ticket-types/{ticket_type_id}",
    "GET /events/{event_id}/promo-codes",
    "POST /events/{event_id}/promo-codes",
    "POST /events/{event_id}/waiting-list",
    "GET /waiting-list/",
    "DELETE /waiting-list/{entry_id}",
    "POST /orders/",
    "GET /orders/",
    "GET /orders/{order_id}",
    "POST /orders/{order_id}/pay",
    "POST /orders/{order_id}/cancel",
    "POST /orders/{order_id}/refunds",
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

ORGANIZERS = {"organizer": 200, "admin": 200, "rival": 404, "ada": 404, "bola": 404}
ADAS = {"ada": 200, "bola": 404, "organizer": 404, "rival": 404, "admin": 404}


def call(method: str, address: str, body: dict[str, Any] | None = None) -> Call:
    """Calls the address, with what was prepared in its holes."""
    return lambda api, ids, headers: api.request(
        method, address.format_map(ids), json=body, headers=headers
    )


OWNED: dict[str, tuple[Call, dict[str, int]]] = {
    "POST /events/{event_id}/cancellation": (
        call("POST", "/events/{event}/cancellation", {"dry_run": True}),
        ORGANIZERS,
    ),
    "GET /events/{event_id}/ticket-types": (
        call("GET", "/events/{event}/ticket-types"),
        ORGANIZERS,
    ),
    "POST /events/{event_id}/ticket-types": (
        call("POST", "/events/{event}/ticket-types", {"name": "VIP", "ticket_price": 0}),
        # The name is taken once the organizer has used it.
        ORGANIZERS | {"organizer": 201, "admin": 409},
    ),
    "PATCH /events/{event_id}/ticket-types/{ticket_type_id}": (
        call("PATCH", "/events/{event}/ticket-types/{spare_type}", {"name": "Gallery"}),
        ORGANIZERS,
    ),
    "DELETE /events/{event_id}/ticket-types/{ticket_type_id}": (
        call("DELETE", "/events/{event}/ticket-types/{spare_type}"),
        {"rival": 404, "ada": 404, "bola": 404, "organizer": 204, "admin": 404},
    ),
    "GET /events/{event_id}/promo-codes": (call("GET", "/events/{event}/promo-codes"), ORGANIZERS),
    "POST /events/{event_id}/promo-codes": (
        call(
            "POST",
            "/events/{event}/promo-codes",
            {"code": "EARLYBIRD", "kind": "percent", "value": 20},
        ),
        ORGANIZERS | {"organizer": 201, "admin": 409},
    ),
    "POST /events/{event_id}/waiting-list": (
        lambda api, ids, headers: api.post(
            f"/events/{ids['full']}/waiting-list",
            json={"ticket_type_id": ids["full_type"]},
            headers=headers,
        ),
        # Ada waits already; everybody else may.
        {"ada": 409, "bola": 201, "organizer": 201, "rival": 201, "admin": 201},
    ),
    "DELETE /waiting-list/{entry_id}": (
        call("DELETE", "/waiting-list/{entry}"),
        {"bola": 404, "organizer": 404, "rival": 404, "admin": 404, "ada": 204},
    ),
    "GET /orders/{order_id}": (call("GET", "/orders/{order}"), ADAS),
    "POST /orders/{order_id}/pay": (call("POST", "/orders/{pending}/pay"), ADAS),
    "POST /orders/{order_id}/cancel": (call("POST", "/orders/{pending}/cancel"), ADAS),
    "POST /orders/{order_id}/refunds": (
        call("POST", "/orders/{order}/refunds", {"reason": "It rains"}),
        # This event lets buyers give nothing back; the organizer may, once.
        {"bola": 404, "rival": 404, "ada": 409, "organizer": 201, "admin": 409},
    ),
    "PATCH /events/{event_id}": (call("PATCH", "/events/{event}", {"title": "New"}), ORGANIZERS),
    "DELETE /events/{event_id}": (
        call("DELETE", "/events/{unsold}"),
        {"rival": 404, "ada": 404, "bola": 404, "organizer": 204, "admin": 404},
    ),
    "POST /payments/verify/{reference}": (call("POST", "/payments/verify/{reference}"), ADAS),
    "GET /payments/{reference}": (call("GET", "/payments/{reference}"), ADAS),
    "GET /tickets/{ticket_id}": (call("GET", "/tickets/{ticket}"), ADAS),
}
"""What each person gets at what Ada bought and the organizer organizes, tried in this order."""


@pytest.fixture
def people(
    ada: Person, bola: Person, organizer: Person, rival: Person, admin: Person
) -> dict[str, Person]:
    return {"ada": ada, "bola": bola, "organizer": organizer, "rival": rival, "admin": admin}


@pytest.fixture
def ids(services: Services, make: Factory, people: dict[str, Person]) -> dict[str, int | str]:
    organizer, ada = people["organizer"].user, people["ada"].user
    event = make.event(organizer=organizer)
    unsold = make.event(organizer=organizer)
    full = make.event(organizer=organizer, capacity=1)
    bought = make.buy(ada, event.id)
    spare = services.ticket_types.add(
        event_id=event.id, organizer=organizer, new=NewTicketType(name="Spare", price=Decimal(0))
    )
    pending = services.orders.place(buyer=ada, wish=make.wish(full.id))
    full_type = full.ticket_types[0].id
    wait = services.waiting.join(user=ada, event_id=full.id, ticket_type_id=full_type, quantity=1)
    return {
        "order": bought.order.id,
        "pending": pending.order.id,
        "spare_type": spare.id,
        "full": full.id,
        "full_type": full_type,
        "entry": wait.entry.id,
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
        attempt, expected = OWNED[operation]

        answers = {name: attempt(api, ids, people[name].headers).status_code for name in expected}

        assert answers == expected
        assert attempt(api, ids, {}).status_code == 401

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
