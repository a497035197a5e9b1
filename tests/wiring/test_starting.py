"""What keeps a server from starting, and that it says so without telling secrets."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.programs.postgres_server import fresh_database
from tests.programs.servers import SHOP, launch, running_shop
from tests.support.newer import migrate_beyond

POSTGRESQL = pytest.mark.postgresql
LIVE_KEY = "sk_live_0123456789abcdef0123456789abcdef"
TEST_KEY = "sk_test_0123456789abcdef0123456789abcdef"
TICKET_KEY = "correct-horse-battery-ticket-0123456789"
SECRET = "correct-horse-battery-staple-0123456789"
GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": SECRET,
    "TICKET_KEYS": TICKET_KEY,
    "PAYSTACK_SECRET_KEY": LIVE_KEY,
    "PUBLIC_URL": "https://tickets.example.org",
}


def refusal(folder: Path, environment: dict[str, str]) -> str:
    """What the server says before it ends without being told."""
    server = launch(SHOP, folder, environment)
    try:
        assert server.wait() != 0
    finally:
        server.kill()
    return server.log


@pytest.mark.slow
class TestProduction:
    @pytest.mark.parametrize(
        ("environment", "setting"),
        [
            (GOOD | {"SECRET_KEY": ""}, "SECRET_KEY"),
            (GOOD | {"SECRET_KEY": "short-but-secret"}, "SECRET_KEY"),
            (GOOD | {"TICKET_KEYS": ""}, "TICKET_KEYS"),
            (GOOD | {"TICKET_KEYS": "short-but-secret"}, "TICKET_KEYS"),
            (GOOD | {"TICKET_KEYS": "", "TICKET_KEYS_FILE": "absent"}, "absent"),
            (GOOD | {"PAYSTACK_SECRET_KEY": TEST_KEY}, "PAYSTACK_ALLOW_TEST_KEY"),
            (GOOD | {"PAYSTACK_BASE_URL": "http://127.0.0.1:8001"}, "PAYSTACK_BASE_URL"),
        ],
    )
    def test_refuses_to_start(
        self, tmp_path: Path, environment: dict[str, str], setting: str
    ) -> None:
        said = refusal(tmp_path, environment)

        assert setting in said
        assert "Traceback" not in said
        for name in ("SECRET_KEY", "PAYSTACK_SECRET_KEY"):
            assert not environment[name] or environment[name] not in said

    def test_starts_with_good_settings_and_keeps_them_to_itself(self, tmp_path: Path) -> None:
        environment = GOOD | {"DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite3'}"}

        with running_shop(tmp_path, environment) as shop, shop.client() as http:
            ready = http.get("/health/ready")
            anonymous = http.post("/events/", json={"title": "x"})
            simulator = http.get("/paystack-mock/transaction")
            log = shop.log

        assert (ready.status_code, ready.json()["migrations"]) == (503, "missing")
        assert anonymous.status_code in (401, 422)
        assert simulator.status_code == 404
        assert SECRET not in log
        assert LIVE_KEY not in log
        assert not (tmp_path / "var").exists()
        assert "be sure that it outlives a new deployment" in log
        assert "No SMTP_URL is set" in log


@pytest.mark.slow
class TestDatabase:
    def test_that_is_too_new_is_refused_in_a_sentence(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
        database = Database(url)
        migrate(database)
        migrate_beyond(database, safe=False)
        database.close()

        said = refusal(tmp_path, {"DATABASE_URL": url, "MIGRATE_ON_START": "false"})

        assert "A newer release migrated the database" in said
        assert "Traceback" not in said

    def test_that_is_newer_and_safe_is_served(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
        database = Database(url)
        migrate(database)
        migrate_beyond(database, safe=True)
        database.close()

        with running_shop(tmp_path, {"DATABASE_URL": url}) as shop, shop.client() as http:
            ready, events = http.get("/health/ready"), http.get("/events/")

        assert (ready.status_code, ready.json()["migrations"]) == (200, "newer")
        assert events.status_code == 200

    @pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=POSTGRESQL)])
    def test_that_was_not_migrated_is_warned_of(
        self, kind: str, tmp_path: Path, request: pytest.FixtureRequest
    ) -> None:
        with ExitStack() as stack:
            url = f"sqlite:///{tmp_path / 'shop.sqlite3'}"
            if kind == "postgresql":
                server = request.getfixturevalue("postgres")
                url = stack.enter_context(fresh_database(server, "unmigrated"))
            environment = {"DATABASE_URL": url, "MIGRATE_ON_START": "false"}
            with running_shop(tmp_path, environment) as shop, shop.client() as http:
                answer = http.get("/events/")
                log = shop.log

        assert (answer.status_code, answer.json()["code"]) == (503, "database-unavailable")
        assert "python -m app.cli migrate" in log
        assert "Traceback" not in log

    def test_whose_folder_cannot_be_written_is_refused_in_a_sentence(self, tmp_path: Path) -> None:
        (tmp_path / "taken").write_text("a file, where the folder has to be")

        said = refusal(tmp_path, {"VAR_DIR": "taken/var"})

        assert "taken/var cannot be written: Not a directory." in said
        assert "Traceback" not in said
