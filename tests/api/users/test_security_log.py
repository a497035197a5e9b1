"""Attacks can be seen in the log."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from app.clients.security.ticket_keys import Ed25519TicketSigner
from app.domain.states import Role
from app.http.services import Services
from tests.api.conftest import Person
from tests.api.scanners import scanner
from tests.programs.in_process import InProcess
from tests.steps.door import Door
from tests.support.factories import Factory

STRANGER = "203.0.113.5"
ANOTHER_KEY = Ed25519TicketSigner("a-key-of-a-forger-of-enough-length-0123")


@pytest.fixture
def stranger(app: FastAPI) -> httpx.Client:
    """A person at some address."""
    transport = InProcess(app, client=(STRANGER, 1))
    return httpx.Client(transport=transport, base_url="https://shop.test")


def told(call: Callable[[], object], event: str) -> list[dict[str, Any]]:
    """The lines of this event that the call writes."""
    with capture_logs() as lines:
        call()
    return [dict(line) for line in lines if line["event"] == event]


class TestRefusals:
    @pytest.mark.parametrize(
        ("method", "path", "asked", "code"),
        [
            (
                "POST",
                "/token",
                {"data": {"username": "ada", "password": "guess"}},
                "wrong-credentials",
            ),
            ("POST", "/token/refresh", {"json": {"refresh_token": "x"}}, "refresh-token-invalid"),
            ("POST", "/scanners/enrol", {"json": {"code": "x" * 20}}, "enrolment-invalid"),
            (
                "POST",
                "/payments/webhook",
                {"json": {"event": "charge.success"}},
                "webhook-rejected",
            ),
        ],
    )
    def test_of_guesses_and_forgeries_name_the_client(
        self, stranger: httpx.Client, method: str, path: str, asked: dict[str, Any], code: str
    ) -> None:
        lines = told(lambda: stranger.request(method, path, **asked), "refused")

        assert lines == [
            {"event": "refused", "log_level": "warning", "code": code, "client": STRANGER}
        ]

    def test_of_an_account_that_is_guessed_at_are_lines_too(
        self, stranger: httpx.Client, ada: Person
    ) -> None:
        def guess() -> None:
            for _ in range(12):
                stranger.post("/token", data={"username": "ada", "password": "guess"})

        codes = [line["code"] for line in told(guess, "refused")]

        assert codes == ["wrong-credentials"] * 10 + ["too-many-logins"] * 2

    def test_of_a_missing_right_are_lines(self, api: httpx.Client, ada: Person) -> None:
        lines = told(lambda: api.get("/admin/mails", headers=ada.headers), "refused")

        assert [line["code"] for line in lines] == ["role-missing"]

    def test_of_a_mistake_are_none(self, api: httpx.Client, ada: Person) -> None:
        def mistake() -> None:
            assert api.get("/orders/999", headers=ada.headers).status_code == 404
            assert api.post("/orders/", json={}, headers=ada.headers).status_code == 422

        assert told(mistake, "refused") == []


class TestRequests:
    def test_name_the_client(self, stranger: httpx.Client) -> None:
        (line,) = told(lambda: stranger.get("/health/live"), "request")

        assert line["client"] == STRANGER


class TestForgedTickets:
    def test_are_lines(
        self, api: httpx.Client, services: Services, make: Factory, organizer: Person
    ) -> None:
        event = make.event(organizer=organizer.user)
        door = Door(services, make, event.id, organizer.user)
        phone = scanner(api, door, organizer)
        ticket = door.ticket()
        code, forged = door.code(ticket), ANOTHER_KEY.sign(ticket.facts, key_id=1)

        def scan(code: str, scan_id: str) -> Callable[[], object]:
            body = {"code": code, "scan_id": scan_id}
            return lambda: api.post(f"/events/{door.event_id}/check-ins", json=body, headers=phone)

        (line,) = told(scan(forged, "1"), "forged ticket")

        assert line["event_id"] == door.event_id
        assert line["actor"].startswith("scanner:")
        assert told(scan(code, "2"), "forged ticket") == []


class TestChangesOfRights:
    def test_are_lines(
        self, api: httpx.Client, services: Services, admin: Person, ada: Person
    ) -> None:
        path, why = f"/admin/people/{ada.user.id}", {"reason": "Asked for by phone"}
        by_admin = {"account": ada.user.id, "actor": f"user:{admin.user.id}"}

        def change() -> None:
            services.users.set_role(name="ada", role=Role.ORGANIZER)
            for what in ("disable", "enable", "log-out"):
                api.post(f"{path}/{what}", json=why, headers=admin.headers)

        with capture_logs() as lines:
            change()

        found = [line for line in lines if "account" in line]
        assert found == [
            {
                "event": "role changed",
                "log_level": "warning",
                "account": ada.user.id,
                "role": "organizer",
            },
            *(
                {"event": event, "log_level": "warning", **by_admin}
                for event in ("account disabled", "account enabled", "account logged out")
            ),
        ]
