"""What became of events and their organizers when organizations came."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.programs.postgres_server import fresh_database
from tests.support.migrating import downgrade

pytestmark = pytest.mark.slow

BEFORE = "0026"

USER = text(
    "INSERT INTO users (id, email, email_key, username, username_key, password_hash, role,"
    " full_name, created_at)"
    " VALUES (:id, :name, :name, :name, :name, 'x', 'organizer', :full_name, '2026-11-28')"
)
EVENT = text(
    "INSERT INTO events (id, organizer_id, title, title_key, location, search_text, starts_at,"
    " time_zone, currency, price_minor, held, sold, reentry, created_at, updated_at)"
    " VALUES (:id, :organizer, 'Jazz', 'jazz', 'Lagos', 'jazz', '2030-06-01', 'Africa/Lagos',"
    " 'NGN', 0, 0, 0, false, '2026-11-28', '2026-11-28')"
)
OWNERS = text(
    "SELECT e.id, e.created_by, o.kind, o.name, m.user_id, m.role FROM events e"
    " JOIN organizations o ON o.id = e.organization_id"
    " LEFT JOIN memberships m ON m.organization_id = o.id ORDER BY e.id"
)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A shop of the time before."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'owners.sqlite3'}")
        yield database
        database.close()
        return
    with fresh_database(request.getfixturevalue("postgres"), "owners") as url:
        database = Database(url)
        yield database
        database.close()


class TestGivingEventsToOrganizations:
    def test_makes_a_personal_one_for_each_organizer_and_one_for_the_demo(
        self, old: Database
    ) -> None:
        migrate(old, to=BEFORE)
        with old.engine.begin() as connection:
            for number, name, full_name in [
                (1, "ada", "Ada Obi"),
                (2, "bola", None),
                (3, "c", None),
            ]:
                connection.execute(USER, {"id": number, "name": name, "full_name": full_name})
            for number, organizer in enumerate([2, 1, None, 1, None], start=1):
                connection.execute(EVENT, {"id": number, "organizer": organizer})

        migrate(old)

        ada, bola = (1, "personal", "Ada Obi", 1, "owner"), (2, "personal", "bola", 2, "owner")
        demo = (None, "demo", "Demo organizer", None, None)
        with old.connection() as connection:
            found = [tuple(row) for row in connection.execute(OWNERS)]
            made = connection.scalar(text("SELECT COUNT(*) FROM organizations"))
        assert found == [(1, *bola), (2, *ada), (3, *demo), (4, *ada), (5, *demo)]
        assert made == 3

        downgrade(old, BEFORE)
        with old.connection() as connection:
            back = connection.execute(text("SELECT organizer_id FROM events ORDER BY id"))
            assert list(back.scalars()) == [2, 1, None, 1, None]
