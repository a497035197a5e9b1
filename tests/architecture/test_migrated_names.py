"""What became of user names that stood for others."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database.migrations import migrate
from app.domain.text import name_key
from app.repositories.database import Database
from tests.programs.postgres_server import fresh_database

pytestmark = pytest.mark.slow

BEFORE = "0013"
NAMES = ("ada", "boss\uff20example.com", "admin\u200b", "user-2")

INSERT = text(
    "INSERT INTO users (id, email, email_key, username, username_key, password_hash, role,"
    " created_at, email_confirmed_at)"
    " VALUES (:id, :email, :email, :name, :key, 'x', 'buyer', '2026-11-28', '2026-11-28')"
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A shop of the time before."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'names.sqlite3'}")
        yield database
        database.close()
        return
    with fresh_database(request.getfixturevalue("postgres"), "names") as url:
        database = Database(url)
        yield database
        database.close()


class TestReplacingUserNames:
    def test_replaces_those_that_stand_for_others_and_no_other(self, old: Database) -> None:
        migrate(old, to=BEFORE)
        with old.engine.begin() as connection:
            for number, name in enumerate(NAMES, start=1):
                email = "=?q?a?=@example.com" if number == 1 else f"{number}@example.com"
                values = {"id": number, "email": email, "name": name, "key": name_key(name)}
                connection.execute(INSERT, values)

        migrate(old)

        with old.connection() as connection:
            query = text("SELECT username, email_confirmed_at IS NULL FROM users ORDER BY id")
            found = [(name, bool(flag)) for name, flag in connection.execute(query)]
        assert found == [
            ("ada", True),
            ("user-2-x", False),
            ("user-3", False),
            ("user-2", False),
        ]
