"""What the tests over HTTP share: people who are logged in, and apps built in other ways."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import structlog
from fastapi import FastAPI
from pydantic import SecretStr

from app.config import Environment, Settings
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.steps.door import Door
from tests.support.factories import PASSWORD, Factory

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For tests of what only renders, negotiates or validates: pages, forms, texts, headers, bodies.

What writes, locks, queries, sorts or counts is tried on both by tests of its own: the services' and
repositories', each operation of the API with its example, and each page by everybody.
"""

Headers = dict[str, str]
OpenApi = Callable[[Services], httpx.Client]

EVENT: dict[str, Any] = {
    "title": "Lagos Jazz Night",
    "date": "2030-06-01T19:00:00",
    "location": "Freedom Park, Lagos",
    "ticket_price": 2500,
    "category": "Music",
}
"""A sample body; the tests' clock stands at March 2027."""


@pytest.fixture(autouse=True)
def plain_tracebacks() -> Iterator[None]:
    """The default ones show every variable, which takes seconds for one mistake."""
    formatter = structlog.dev.plain_traceback
    structlog.configure(processors=[structlog.dev.ConsoleRenderer(exception_formatter=formatter)])
    yield
    structlog.reset_defaults()


@dataclass(frozen=True)
class Person:
    """An account and the headers it calls with."""

    user: User
    headers: Headers


@pytest.fixture
def app(services: Services, outside: Adapters) -> FastAPI:
    return app_of(parts_of(services, outside))


@pytest.fixture
def production(outside: Adapters) -> Services:
    """The services as they are built where real money moves."""
    settings = Settings(
        _env_file=None,
        environment=Environment.PRODUCTION,
        secret_key=SecretStr("q7Jw2mXzR5tVb9KcY4nHd8LfGs3PaEu6"),
        ticket_keys=SecretStr("Zx8KwVu3TnRb6YpLc1HdMf9GsJq2EaWo"),
        paystack_secret_key=SecretStr("sk_live_" + "0a1b2c" * 4),
        public_url="https://shop.test",
    )
    return build_services(outside, settings)


@pytest.fixture
def open_api(outside: Adapters) -> Iterator[OpenApi]:
    """Opens the API on services of the test's own."""
    clients: list[httpx.Client] = []

    def start(services: Services) -> httpx.Client:
        transport = InProcess(app_of(parts_of(services, outside)))
        clients.append(httpx.Client(transport=transport, base_url="https://shop.test", timeout=30))
        return clients[-1]

    yield start
    for client in clients:
        client.close()


@pytest.fixture
def enter(make: Factory, services: Services) -> Callable[[str, Role], Person]:
    """Gives a person of a role an account and logs them in."""

    def arrive(name: str, role: Role) -> Person:
        user = make.user(name=name, role=role)
        tokens = services.sessions.log_in(name=name, password=PASSWORD)
        return Person(user, {"Authorization": f"Bearer {tokens.access_token}"})

    return arrive


@pytest.fixture
def ada(enter: Callable[[str, Role], Person]) -> Person:
    return enter("ada", Role.BUYER)


@pytest.fixture
def bola(enter: Callable[[str, Role], Person]) -> Person:
    return enter("bola", Role.BUYER)


@pytest.fixture
def organizer(enter: Callable[[str, Role], Person]) -> Person:
    return enter("organizer", Role.ORGANIZER)


@pytest.fixture
def rival(enter: Callable[[str, Role], Person]) -> Person:
    return enter("rival", Role.ORGANIZER)


@pytest.fixture
def admin(enter: Callable[[str, Role], Person]) -> Person:
    return enter("admin", Role.ADMIN)


@pytest.fixture
def door(services: Services, make: Factory, organizer: Person) -> Door:
    """The door of an event of the organizer's."""
    event = make.event(organizer=organizer.user)
    return Door(services, make, event.id, organizer.user)
