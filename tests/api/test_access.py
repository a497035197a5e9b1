"""Deny by default: who may call what, declared once and tried on every operation."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import bindparam, text
from starlette.routing import Mount, Route

from app.domain.ids import EventId
from app.domain.states import DiscountKind, Role
from app.factory import ALL_ROUTERS
from app.http.services import Services
from app.models.base import UtcDateTime
from app.repositories.database import Database
from app.services.checkin.scans import Scan
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.api import (
    access,
    access_door,
    access_mail,
    access_scanner,
    access_transfers,
    access_wallets,
)
from tests.api.access import MOUNTS
from tests.api.answers import code_of
from tests.api.conftest import EVENT, Headers, Person
from tests.api.described_operations import operations_of
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import START

SUBJECTS = (access, access_door, access_mail, access_scanner, access_transfers, access_wallets)
PUBLIC = {operation for subject in SUBJECTS for operation in subject.PUBLIC}
OPERATIONS = {
    f"{method} {route.path.rstrip('/')}"
    for router in ALL_ROUTERS
    for route in router.routes
    if isinstance(route, APIRoute) and route.include_in_schema
    for method in route.methods or ()
}
NEEDS_TOKEN = OPERATIONS - PUBLIC
"""Whatever is not declared public."""
PAGES = {page for subject in SUBJECTS for page in subject.PAGES}
OWNED = {operation: tried for subject in SUBJECTS for operation, tried in subject.OWNED.items()}
OF_ORGANIZERS = {
    operation
    for operation, (_, expected) in OWNED.items()
    if expected.get("organizer", 404) < 300 and expected.get("rival") == 404
}
OF_STAFF = {operation for operation, (_, expected) in OWNED.items() if expected.get("staff") == 200}
OF_SCANNERS = access_door.OF_SCANNERS


@pytest.fixture
def people(
    enter: Callable[[str, Role], Person],
    ada: Person,
    bola: Person,
    organizer: Person,
    rival: Person,
    admin: Person,
) -> dict[str, Person]:
    return {
        "ada": ada,
        "bola": bola,
        "organizer": organizer,
        "rival": rival,
        "admin": admin,
        "staff": enter("staff", Role.BUYER),
    }


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
    promo = services.promo_codes.create(
        event_id=event.id,
        organizer=organizer,
        new=NewPromoCode(code="SPARE", kind=DiscountKind.PERCENT, value=Decimal(10)),
    )
    pending = services.orders.place(buyer=ada, order_request=make.order_request(full.id))
    full_type = full.ticket_types[0].id
    wait = services.waiting.join(user=ada, event_id=full.id, ticket_type_id=full_type, quantity=1)
    handed = make.buy(ada, event.id, quantity=2).tickets
    transfer = services.transfers.offer(ticket_id=handed[0].id, giver=ada, email="chi@example.com")
    revoked = handed[1].id
    services.reissues.revoke(ticket_id=revoked, organizer=organizer, reason="Sold on at the gate")
    staff = services.staff.take_on(event_id=event.id, organizer=organizer, name="staff")
    device = services.devices.prepare(
        event_id=event.id, organizer=organizer, name="Phone", gate=None, url_of=str
    )
    code = services.tickets.code(
        services.tickets.get(ticket_id=make.buy(ada, event.id).tickets[0].id, user_id=ada.id)
    )
    entry = services.check_ins.scan(
        event_id=event.id,
        actor=organizer.actor,
        scan=Scan(scan_id="an entry", code=code),
    )
    refund = services.refund_requests.request_refund(
        order_id=make.buy(ada, event.id).order.id, caller=organizer
    )
    services.sessions.log_in(name="ada", password=PASSWORD)
    session, *_ = services.sessions.page(user_id=ada.id, after=None, limit=1).items
    return {
        "session": session.id,
        "refund": refund.id,
        "check_in": entry.check_in.id,
        "staff": staff.user_id,
        "device": device.device.id,
        "transfer": transfer.id,
        "revoked": revoked,
        "order": bought.order.id,
        "pending": pending.order.id,
        "spare_type": spare.id,
        "promo_code": promo.id,
        "full": full.id,
        "full_type": full_type,
        "entry": wait.entry.id,
        "event": event.id,
        "unsold": unsold.id,
        "reference": bought.payment.reference,
        "ticket": bought.tickets[0].id,
    }


@pytest.fixture
def scanner(services: Services, people: dict[str, Person], ids: dict[str, int | str]) -> Headers:
    """A phone at a gate of the event."""
    made = services.devices.prepare(
        event_id=EventId(int(ids["event"])),
        organizer=people["organizer"].user,
        name="Phone",
        gate=None,
        url_of=str,
    )
    token, _ = services.devices.enrol(code=made.code)
    return {"Authorization": f"Bearer {token}"}


class TestEveryOperation:
    def test_is_declared(self, app: FastAPI) -> None:
        assert {str(operation) for operation in operations_of(app)} == OPERATIONS
        assert PUBLIC <= OPERATIONS, "PUBLIC in tests/api/access*.py names what is gone"

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
                assert code_of(answer) == (401, "not-logged-in"), (
                    f"{operation} asks for no caller: declare `CurrentUser` or `CurrentActor`, or "
                    "add it to PUBLIC in tests/api/access.py"
                )
                assert answer.headers["www-authenticate"] == "Bearer"

    def test_that_is_public_needs_none(self, api: httpx.Client, app: FastAPI) -> None:
        for operation in operations_of(app):
            if str(operation) not in PUBLIC:
                continue
            body: Any = EVENT if operation.template == "/events" else {}
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

    def test_of_organizers_is_refused_to_one_who_was_demoted(
        self,
        api: httpx.Client,
        services: Services,
        people: dict[str, Person],
        ids: dict[str, int | str],
    ) -> None:
        services.users.set_role(name="organizer", role=Role.BUYER)
        headers = people["organizer"].headers

        answers = {
            name: OWNED[name][0](api, ids, headers).status_code for name in sorted(OF_ORGANIZERS)
        }

        assert answers == dict.fromkeys(OF_ORGANIZERS, 404)

    def test_at_the_door_is_refused_to_staff_and_scanners_long_after_the_event(
        self,
        api: httpx.Client,
        database: Database,
        people: dict[str, Person],
        scanner: Headers,
        ids: dict[str, int | str],
    ) -> None:
        move(database, ids["event"], ended_at=START - timedelta(days=3))
        callers = {
            "staff": people["staff"].headers,
            "scanner": scanner,
            "organizer": people["organizer"].headers,
        }

        answers = {
            operation: {
                name: OWNED[operation][0](api, ids, headers).status_code
                for name, headers in callers.items()
            }
            for operation in sorted(OF_STAFF)
        }

        assert answers == {
            operation: {
                "staff": 404,
                "scanner": 404 if operation in OF_SCANNERS else 401,
                "organizer": 200,
            }
            for operation in sorted(OF_STAFF)
        }

    def test_with_an_id_is_for_a_scanner_only_at_the_door(
        self,
        api: httpx.Client,
        database: Database,
        scanner: Headers,
        ids: dict[str, int | str],
    ) -> None:
        move(database, ids["event"], ended_at=START - timedelta(days=2, hours=23))

        answers = {name: OWNED[name][0](api, ids, scanner).status_code for name in sorted(OWNED)}

        assert answers == {name: 200 if name in OF_SCANNERS else 401 for name in OWNED}

    def test_with_an_id_is_among_those_tried(self) -> None:
        owned = {operation for operation in NEEDS_TOKEN if "{" in operation}

        assert owned == set(OWNED), "add who may call it to OWNED in tests/api/access*.py"


class TestEveryOtherAddress:
    def test_is_declared(self, app: FastAPI) -> None:
        templates = set(app.openapi()["paths"])

        others = {path for path in all_paths(app) if (path.rstrip("/") or "/") not in templates}

        assert others == PAGES | MOUNTS


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
