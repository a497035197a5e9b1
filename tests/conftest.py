"""What tests share: a fresh database of each kind, fakes for the outside, the shop on them."""

import gc
import os
import shutil
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from sqlalchemy import make_url

from app.config import Settings
from app.database.migrations import migrate
from app.database.postgresql import Limits
from app.domain.states import Role
from app.http.services import Services
from app.repositories.database import Database
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.programs.migrated_files import lay_out
from tests.programs.open_databases import OpenDatabases
from tests.programs.postgres_server import fresh_database, postgres_url
from tests.programs.reused_database import CopiedFile, ReusedDatabase
from tests.steps.transfers import HandOver
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.outside import outside_of

ENGINES = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
PATIENT = Limits(
    statement=timedelta(seconds=20), idle=timedelta(seconds=25), answer=timedelta(seconds=30)
)
"""A busy machine is no reason for a refusal."""

MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3
"""Bytes that have to be free there; a whole run needs a tenth of that."""


def pytest_configure() -> None:
    """Prepare what tests get from this machine.

    Their files are in memory if there is room for them: on a disk each commit waits for it. Ctrl+C
    reaches what they start: a shell has jobs in the background ignore it.
    """
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_collection_finish() -> None:
    """Keep the tests out of the search for garbage: it takes longer than most of them."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    lay_out(file)
    return file


@pytest.fixture(scope="session")
def sqlite_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> CopiedFile:
    """A migrated SQLite file that is copied anew for each test."""
    return CopiedFile(sqlite_template, tmp_path_factory.mktemp("copied"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a server."""
    with postgres_url() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres: str, open_databases: OpenDatabases) -> Iterator[ReusedDatabase]:
    """A migrated database that is emptied for each test."""
    with fresh_database(postgres, "template") as url:
        database = Database(url)
        migrate(database)
        database.close()
        reused = ReusedDatabase(
            postgres, template=str(make_url(url).database), open_databases=open_databases
        )
        yield reused
        reused.drop()


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated, empty database of each kind."""
    if request.param == "sqlite":
        copied: CopiedFile = request.getfixturevalue("sqlite_file")
        return copied.emptied()
    reused: ReusedDatabase = request.getfixturevalue("postgres_database")
    return reused.emptied()


@pytest.fixture(scope="session")
def open_databases() -> Iterator[OpenDatabases]:
    """The databases of this process, kept open: what they compiled serves all tests."""
    kept = OpenDatabases(wait=timedelta(seconds=10), limits=PATIENT)
    yield kept
    kept.close()


@pytest.fixture
def database(database_url: str, open_databases: OpenDatabases) -> Iterator[Database]:
    with open_databases.at(database_url) as database:
        yield database


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def gateway() -> FakeGateway:
    return FakeGateway()


@pytest.fixture
def mailer() -> FakeMailer:
    return FakeMailer()


@pytest.fixture(scope="session")
def demo_settings() -> Settings:
    """The demo environment, untouched by the machine's own; reading it takes long."""
    return Settings(_env_file=None, public_url="https://shop.test")


@pytest.fixture
def settings(demo_settings: Settings, tmp_path: Path) -> Settings:
    """The demo environment with a folder of the test's own."""
    return demo_settings.model_copy(update={"var_dir": tmp_path / "var"})


@pytest.fixture
def outside(
    database: Database, clock: FakeClock, gateway: FakeGateway, mailer: FakeMailer
) -> Adapters:
    return outside_of(database, clock=clock, gateway=gateway, mailer=mailer)


@pytest.fixture
def services(outside: Adapters, settings: Settings) -> Services:
    return build_services(outside, settings)


@pytest.fixture
def make(services: Services) -> Factory:
    return Factory(services)


@pytest.fixture
def hand_over(services: Services, outside: Adapters, make: Factory) -> HandOver:
    """Two tickets of Ada's, of an organizer's event."""
    organizer, ada = make.user(role=Role.ORGANIZER), make.user()
    bought = make.buy(ada, make.event(organizer=organizer, capacity=5).id, quantity=2)
    return HandOver(services, outside, organizer, ada, bought)


@pytest.fixture
def api(services: Services, outside: Adapters) -> Iterator[httpx.Client]:
    """The API over HTTP, without sockets."""
    transport = InProcess(app_of(parts_of(services, outside)))
    with httpx.Client(transport=transport, base_url="https://shop.test", timeout=30) as client:
        yield client


@pytest.fixture
def log_in(api: httpx.Client) -> "LogIn":
    return LogIn(api)


class LogIn:
    """Registers people over the API and gives their headers."""

    def __init__(self, api: httpx.Client) -> None:
        self._api = api

    def __call__(self, name: str) -> dict[str, str]:
        registered = self._api.post(
            "/users/",
            json={"email": f"{name}@example.com", "username": name, "password": "password123"},
        )
        assert registered.status_code in (201, 409), registered.text
        answer = self._api.post("/token", data={"username": name, "password": "password123"})
        assert answer.status_code == 200, answer.text
        return {"Authorization": f"Bearer {answer.json()['access_token']}"}
