"""The shop behind a PgBouncer in transaction mode: nothing of a session may be relied on."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import text

from app.config import Settings
from app.database.migrations import migrate
from app.database.postgresql import Limits, connection_to, normal_url
from app.database.schema import is_migrated
from app.repositories.database import Database
from app.wiring.services import build_services
from tests.programs.pgbouncer import pooled
from tests.programs.postgres_server import fresh_database
from tests.programs.servers import running_shop
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.outside import outside_of
from tests.support.racing import at_once

BUYERS = 12
ROUNDS = 12

pytestmark = pytest.mark.postgresql


@pytest.fixture
def pooled_url(postgres: str) -> Iterator[str]:
    """An empty database behind a pooler."""
    with fresh_database(postgres, "pooled") as url, pooled(url) as through:
        yield through


@pytest.fixture
def database(pooled_url: str) -> Iterator[Database]:
    database = Database(pooled_url, pool_size=BUYERS, wait=timedelta(seconds=30))
    migrate(database)
    yield database
    database.close()


class TestPooler:
    def test_is_no_hindrance_to_migrations(self, database: Database) -> None:
        assert is_migrated(database)

    def test_mixes_up_no_statements_of_many_buyers(
        self, database: Database, settings: Settings
    ) -> None:
        outside = outside_of(
            database, clock=FakeClock(), gateway=FakeGateway(), mailer=FakeMailer()
        )
        services = build_services(outside, settings)
        make = Factory(services)
        event, buyers = make.event(capacity=1000), [make.user() for _ in range(BUYERS)]

        def buy(number: int) -> None:
            for _ in range(ROUNDS):
                bought = make.buy(buyers[number], event.id)
                assert bought.order.buyer_id == buyers[number].id
                found = services.tickets.get(
                    ticket_id=bought.tickets[0].id, user_id=buyers[number].id
                )
                assert found.event_id == event.id

        at_once([partial(buy, number) for number in range(BUYERS)])

        assert services.audit.violations() == []

    def test_keeps_the_limits_of_a_transaction_and_of_no_other(self, database: Database) -> None:
        with database.engine.begin() as writing:
            inside = writing.scalar(text("SHOW statement_timeout"))
        with database.connection() as reading:
            after = reading.scalar(text("SHOW statement_timeout"))

        assert (inside, after) == ("4s", "0")

    def test_lets_a_whole_shop_sell(self, pooled_url: str, tmp_path: Path) -> None:
        environment = {"DATABASE_URL": pooled_url, "MIGRATE_ON_START": "true"}
        with running_shop(tmp_path, environment) as shop, shop.client() as http:
            account = {"email": "ada@example.com", "username": "ada", "password": "password123"}
            event = {
                "title": "Pooled",
                "date": "2040-06-01T19:00:00",
                "location": "Lagos",
                "ticket_price": 2500,
            }
            assert http.post("/users/", json=account).status_code == 201
            login = http.post("/token", data={"username": "ada", "password": "password123"})
            ada = {"Authorization": f"Bearer {login.json()['access_token']}"}
            event_id = http.post("/events/", json=event).json()["id"]
            for _ in range(10):
                opened = http.post("/payments/pay", json={"event_id": event_id}, headers=ada)
                assert opened.status_code == 200, opened.text
                reference = opened.json()["reference"]
                verified = http.post(f"/payments/verify/{reference}", headers=ada)
                assert verified.status_code == 200, verified.text
            assert http.get("/health/ready").status_code == 200


class TestUrl:
    def test_names_several_hosts_as_libpq_does(self) -> None:
        url = "postgres://ada:secret@one:5432,two:5433/shop?target_session_attrs=read-write"

        parsed, _ = connection_to(url, prepare=False, wait=timedelta(seconds=5))

        assert parsed.query["host"] == ("one:5432", "two:5433")
        assert parsed.query["target_session_attrs"] == "read-write"
        assert (parsed.username, parsed.password, parsed.database) == ("ada", "secret", "shop")

    @pytest.mark.parametrize(
        ("query", "prepare", "expected"),
        [
            ("", False, None),
            ("", True, 5),
            ("?prepare_threshold=0", False, 0),
            ("?prepare_threshold=none", True, None),
        ],
    )
    def test_says_when_statements_are_prepared(
        self, query: str, prepare: bool, expected: int | None
    ) -> None:
        url = f"postgresql://ada@host/shop{query}"

        parsed, arguments = connection_to(url, prepare=prepare, wait=timedelta(seconds=5))

        assert arguments["prepare_threshold"] == expected
        assert "prepare_threshold" not in parsed.query

    def test_goes_before_what_would_be_said_otherwise(self) -> None:
        url = "postgresql://ada@host/shop?options=-c%20search_path%3Dshop&keepalives_idle=60"

        parsed, arguments = connection_to(url, prepare=False, wait=timedelta(seconds=5))

        assert parsed.query["options"] == "-c search_path=shop"
        assert "keepalives_idle" not in arguments
        assert "options" not in arguments

    def test_passes_options_to_the_server(self, postgres: str) -> None:
        with fresh_database(postgres, "options") as url:
            database = Database(f"{url}&options=-c%20application_name%3Dmine")
            with database.connection() as connection:
                assert connection.scalar(text("SHOW application_name")) == "mine"
            database.close()

    def test_of_others_is_left_alone(self) -> None:
        assert normal_url("sqlite:///a,b/c.sqlite3") == "sqlite:///a,b/c.sqlite3"


class TestLimits:
    def test_end_a_waiting_statement_before_an_idle_transaction(self) -> None:
        limits = Limits()

        assert limits.statement < limits.idle < limits.answer
