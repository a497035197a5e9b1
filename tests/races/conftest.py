"""A real shop of two workers, on each database, for tests of people who come at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import httpx
import pytest
from sqlalchemy import text

from app.repositories.database import Database
from tests.conftest import ENGINES
from tests.programs.postgres_server import fresh_database
from tests.programs.servers import Server, running_shop
from tests.support.racing import LONGEST

EVENT: Final = {
    "title": "Last places",
    "date": "2040-06-01T19:00:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": 2500,
}

UNPAID_PLACES: Final = 60
"""How many places of an event one account may hold unpaid."""

# On a busy machine a hundred calls at once may queue for long; here nobody is to be turned away
# for that, so that what remains are the answers of the race itself. All come from one address.
# People of these tests want much and confirm no address.
PATIENT: Final = {
    "DATABASE_WAIT": "30",
    "DATABASE_STATEMENT_LIMIT": "30",
    "DATABASE_IDLE_LIMIT": "40",
    "DATABASE_ANSWER_LIMIT": "50",
    "DATABASE_CALL_LIMIT": "60",
    "PAYSTACK_BUDGET": "30",
    "PAYSTACK_CALLS_AT_ONCE": "30",
    "UNPAID_ORDERS": "1000",
    "UNPAID_PLACES": str(UNPAID_PLACES),
    "UNCONFIRMED_PLACES": "1000",
    "REGISTRATIONS_FROM_ADDRESS": "1000",
    "LOGIN_ATTEMPTS_FROM_ADDRESS": "1000",
}


@dataclass(frozen=True)
class Shop:
    """A running shop, and its database behind its back."""

    server: Server
    http: httpx.Client
    database: Database

    def person(self, name: str) -> dict[str, str]:
        """The headers of a new account."""
        account = {"email": f"{name}@example.com", "username": name, "password": "password123"}
        assert self.http.post("/users/", json=account).status_code == 201
        return {"Authorization": f"Bearer {self.tokens(name)['access_token']}"}

    def tokens(self, name: str) -> dict[str, Any]:
        form = {"username": name, "password": "password123"}
        answer = self.http.post("/token", data=form)
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens

    def event(self, **values: object) -> int:
        answer = self.http.post("/events/", json={**EVENT, **values})
        assert answer.status_code == 201, answer.text
        event_id: int = answer.json()["id"]
        return event_id

    def number(self, query: str, **values: object) -> int:
        """The one number this query answers."""
        with self.database.connection() as connection:
            return int(connection.execute(text(query), values).scalar_one())


@contextmanager
def open_shop(folder: Path, url: str) -> Iterator[Shop]:
    environment = {**PATIENT, "DATABASE_URL": url}
    with (
        running_shop(folder, environment, workers=2) as server,
        server.client(timeout=LONGEST) as http,
    ):
        database = Database(url)
        yield Shop(server, http, database)
        database.close()


@pytest.fixture(scope="package", params=ENGINES)
def shop(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        with open_shop(folder, f"sqlite:///{folder / 'shop.sqlite3'}") as shop:
            yield shop
        return
    with (
        fresh_database(request.getfixturevalue("postgres"), "races") as url,
        open_shop(folder, url) as shop,
    ):
        yield shop
