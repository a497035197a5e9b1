"""Every route of an event or an organization, tried by every role: nothing more, nothing less."""

from typing import Final

import httpx
import pytest

from app.domain.permissions import ROLES_FOR, Action, OrganizationRole
from app.http.strict_route import StrictRoute
from app.repositories.database import Database
from app.routers.all_routers import ROUTERS
from app.wiring.adapters import Adapters
from tests.api.answers import code_of
from tests.api.conftest import EVENT
from tests.api.effort.efforts import effort_of
from tests.api.organizers.world import World

EXPECTED: Final[dict[str, Action | None]] = {
    "GET /events/{event_id}": None,
    "GET /events/{event_id}.ics": None,
    "PATCH /events/{event_id}": Action.MANAGE_EVENT,
    "DELETE /events/{event_id}": Action.MANAGE_EVENT,
    "POST /events/{event_id}/publish": Action.MANAGE_EVENT,
    "POST /events/{event_id}/duplicate": Action.CREATE_EVENT,
    "POST /events/{event_id}/pause-sales": Action.MANAGE_EVENT,
    "POST /events/{event_id}/resume-sales": Action.MANAGE_EVENT,
    "POST /events/{event_id}/cancellation": Action.MANAGE_EVENT,
    "POST /events/{event_id}/handover": Action.HAND_OVER_EVENT,
    "GET /events/{event_id}/ticket-types": Action.SEE_EVENT,
    "POST /events/{event_id}/ticket-types": Action.MANAGE_EVENT,
    "PATCH /events/{event_id}/ticket-types/{ticket_type_id}": Action.MANAGE_EVENT,
    "DELETE /events/{event_id}/ticket-types/{ticket_type_id}": Action.MANAGE_EVENT,
    "GET /events/{event_id}/promo-codes": Action.SEE_EVENT,
    "POST /events/{event_id}/promo-codes": Action.MANAGE_EVENT,
    "PATCH /events/{event_id}/promo-codes/{promo_code_id}": Action.MANAGE_EVENT,
    "DELETE /events/{event_id}/promo-codes/{promo_code_id}": Action.MANAGE_EVENT,
    "GET /events/{event_id}/orders": Action.SEE_ORDERS,
    "POST /events/{event_id}/orders": Action.SELL_AT_DESK,
    "GET /events/{event_id}/messages": Action.MESSAGE_HOLDERS,
    "POST /events/{event_id}/messages": Action.MESSAGE_HOLDERS,
    "POST /events/{event_id}/messages/preview": Action.MESSAGE_HOLDERS,
    "GET /events/{event_id}/orders/{order_id}": Action.SEE_ORDERS,
    "POST /events/{event_id}/orders/{order_id}/release": Action.CHANGE_ORDERS,
    "PATCH /events/{event_id}/orders/{order_id}/buyer": Action.HELP_HOLDERS,
    "PATCH /events/{event_id}/orders/{order_id}/tickets/{ticket_id}": Action.HELP_HOLDERS,
    "GET /events/{event_id}/orders/{order_id}/notes": Action.SEE_ORDERS,
    "POST /events/{event_id}/orders/{order_id}/notes": Action.SEE_ORDERS,
    "POST /orders/{order_id}/refunds": Action.REFUND,
    "POST /orders/{order_id}/refunds/money": Action.REFUND,
    "GET /orders/{order_id}/refunds": Action.SEE_ORDERS,
    "POST /orders/{order_id}/confirmation": Action.HELP_HOLDERS,
    "POST /refunds/{refund_id}/retry": Action.REFUND,
    "POST /refunds/{refund_id}/done": Action.REFUND,
    "GET /events/{event_id}/waiting-list": Action.SEE_ORDERS,
    "POST /events/{event_id}/waiting-list": None,
    "DELETE /events/{event_id}/waiting-list/{entry_id}": Action.CHANGE_ORDERS,
    "POST /tickets/{ticket_id}/reissue": Action.HELP_HOLDERS,
    "POST /tickets/{ticket_id}/revocation": Action.HELP_HOLDERS,
    "DELETE /tickets/{ticket_id}/revocation": Action.HELP_HOLDERS,
    "GET /events/{event_id}/staff": Action.MANAGE_GATES,
    "POST /events/{event_id}/staff": Action.MANAGE_GATES,
    "DELETE /events/{event_id}/staff/{user_id}": Action.MANAGE_GATES,
    "GET /events/{event_id}/devices": Action.MANAGE_GATES,
    "POST /events/{event_id}/devices": Action.MANAGE_GATES,
    "DELETE /events/{event_id}/devices/{device_id}": Action.MANAGE_GATES,
    "POST /events/{event_id}/check-ins": Action.CHECK_IN,
    "GET /events/{event_id}/check-ins": Action.SEE_ATTENDEES,
    "POST /events/{event_id}/check-ins/{check_in_id}/undo": Action.CHECK_IN,
    "POST /events/{event_id}/check-ins/batch": Action.CHECK_IN,
    "GET /events/{event_id}/check-ins/conflicts": Action.CHECK_IN,
    "GET /events/{event_id}/manifest": Action.CHECK_IN,
    "GET /events/{event_id}/revocations": Action.CHECK_IN,
    "GET /events/{event_id}/check-ins/counts": Action.SEE_ATTENDEES,
    "GET /events/{event_id}/check-ins/stream": Action.SEE_ATTENDEES,
    "GET /events/{event_id}/attendees": Action.SEE_ATTENDEES,
    "GET /events/{event_id}/sales-report": Action.SEE_MONEY,
    "GET /events/{event_id}/attendance-report": Action.SEE_ATTENDEES,
    "POST /events/{event_id}/exports": Action.SEE_ORDERS,
    "GET /events/{event_id}/exports/orders.csv": Action.SEE_ORDERS,
    "GET /events/{event_id}/exports/orders.xlsx": Action.SEE_ORDERS,
    "GET /events/{event_id}/exports/attendees.csv": Action.SEE_ATTENDEES,
    "GET /events/{event_id}/exports/attendees.xlsx": Action.SEE_ATTENDEES,
    "GET /events/{event_id}/exports/check-ins.csv": Action.SEE_ATTENDEES,
    "GET /events/{event_id}/exports/check-ins.xlsx": Action.SEE_ATTENDEES,
    "GET /events/{event_id}/exports/ledger.csv": Action.SEE_MONEY,
    "GET /events/{event_id}/exports/ledger.xlsx": Action.SEE_MONEY,
    "GET /organizations/{organization_id}": Action.SEE_TEAM,
    "PATCH /organizations/{organization_id}": Action.MANAGE_ORGANIZATION,
    "PUT /organizations/{organization_id}/logo": Action.MANAGE_ORGANIZATION,
    "DELETE /organizations/{organization_id}/logo": Action.MANAGE_ORGANIZATION,
    "DELETE /organizations/{organization_id}": Action.DELETE_ORGANIZATION,
    "GET /organizations/{organization_id}/sales-report": Action.SEE_MONEY,
    "GET /organizations/{organization_id}/members": Action.SEE_TEAM,
    "PATCH /organizations/{organization_id}/members/{user_id}": Action.MANAGE_TEAM,
    "DELETE /organizations/{organization_id}/members/{user_id}": Action.MANAGE_TEAM,
    "GET /organizations/{organization_id}/invitations": Action.MANAGE_TEAM,
    "POST /organizations/{organization_id}/invitations": Action.MANAGE_TEAM,
    "DELETE /organizations/{organization_id}/invitations/{invitation_id}": Action.MANAGE_TEAM,
}
"""What these routes ask for, whatever they declare; ``None``: they are everybody's.

A route that is not here is tried by what it declares: one that declares nothing is refused at the
start.
"""

ROUTES: Final[dict[str, StrictRoute]] = {
    f"{method} {route.path.rstrip('/')}": route
    for router in ROUTERS
    for route in router.routes
    if isinstance(route, StrictRoute) and route.include_in_schema
    for method in route.methods or ()
}
ACTIONS: Final = {name: route.action for name, route in ROUTES.items() if "{" in name}
TRIED: Final = sorted(
    name
    for name, action in ACTIONS.items()
    if action is not None and not name.endswith("/stream")  # which would not end
)
BY_BUYERS_TOO: Final = " /orders/{order_id}/"
NOT_BY_BUYERS: Final = "POST /orders/{order_id}/refunds/money"
MISSING: Final = "organization-role-missing"
NOT_THEIRS: Final = {
    "event-not-found",
    "organization-not-found",
    "order-not-found",
    "ticket-not-found",
    "refund-not-found",
}


def told_by(answer: httpx.Response) -> str | None:
    """The code of a refusal; ``None``: there is none."""
    return answer.json()["code"] if answer.is_error else None


def is_right(name: str, who: str, answer: httpx.Response) -> bool:
    """Whether this is what the table says that the role gets."""
    action = ACTIONS[name]
    assert action is not None
    code = told_by(answer)
    if who == "admin" or who in ROLES_FOR[action]:
        return answer.status_code != 401 and code not in NOT_THEIRS | {MISSING}
    if who in tuple(OrganizationRole):
        return (answer.status_code, code) == (403, MISSING)
    if who == "buyer" and BY_BUYERS_TOO in name and name != NOT_BY_BUYERS:
        return code not in NOT_THEIRS | {MISSING}
    return answer.status_code == 404 and code in NOT_THEIRS


class TestEveryRoute:
    def test_declares_what_is_expected_of_it(self) -> None:
        assert {name: ACTIONS[name] for name in EXPECTED} == EXPECTED
        assert len(TRIED) > 40

    @pytest.mark.slow
    def test_is_for_the_roles_that_allow_its_action(self, world: World) -> None:
        wrong = [
            f"{name}, {who}: {answer.status_code} {answer.text}"
            for name in TRIED
            for who in world.people
            if not is_right(name, who, answer := world.call(name, who))
        ]

        assert wrong == []

    def test_is_nothing_for_nobody_and_little_for_a_scanner(self, world: World) -> None:
        for name in TRIED:
            assert world.call(name, None).status_code == 401, name

            answer = world.send(name, world.scanner)

            if answer.status_code != 401:
                assert ACTIONS[name] in (Action.CHECK_IN, Action.SEE_ATTENDEES), name
                assert told_by(answer) not in NOT_THEIRS | {MISSING}, name

    def test_tells_strangers_the_same_of_what_exists_and_what_does_not(
        self, world: World, database: Database, outside: Adapters
    ) -> None:
        for name in TRIED:
            with effort_of(database, outside) as of_real:
                real = world.call(name, "rival")
            with effort_of(database, outside) as of_none:
                none = world.call(name, "rival", row=9)

            assert of_real.lasting == of_none.lasting, name
            assert real.status_code == none.status_code == 404
            assert real.text.replace("/1", "/9").replace(" 1", " 9").replace(": 1", ": 9") == (
                none.text.replace(": 1", ": 9")
            ), name


class TestListsOfMoney:
    @pytest.mark.parametrize("path", ["/refunds/", "/disputes/"])
    def test_are_for_those_who_see_money(self, world: World, path: str) -> None:
        answers = {
            who: world.api.get(path, headers=headers).status_code
            for who, headers in world.people.items()
        }

        who_may = {str(role) for role in ROLES_FOR[Action.SEE_MONEY]} | {"admin", "rival"}
        assert {who for who, status in answers.items() if status == 200} == who_may
        assert set(answers.values()) == {200, 403}

    def test_hold_the_refunds_of_the_organization(self, world: World) -> None:
        listed = {
            who: [each["id"] for each in world.api.get("/refunds/", headers=headers).json()]
            for who, headers in world.people.items()
            if who in ("finance", "rival")
        }

        assert listed == {"finance": [1], "rival": []}


class TestCreate:
    def test_in_an_organization_is_for_owners_and_managers(self, world: World) -> None:
        body = EVENT | {"organization_id": world.organization_id}
        answers = {}
        for who, headers in world.people.items():
            answer = world.api.post("/events/", json=body, headers=headers)
            answers[who] = code_of(answer) if answer.is_error else (answer.status_code, None)

        created, missing = (201, None), (403, MISSING)
        unknown = (404, "organization-not-found")
        assert answers == {
            "owner": created,
            "manager": created,
            "admin": created,
            "finance": missing,
            "support": missing,
            "checker": missing,
            "rival": unknown,
            "buyer": unknown,
            "stranger": unknown,
        }
