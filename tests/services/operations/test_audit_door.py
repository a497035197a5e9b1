"""I6: the auditor finds whatever the door could have got wrong."""

import pytest
from sqlalchemy import text

from app.domain.checkin.doors import Direction
from app.http.services import Services
from app.repositories.database import Database
from tests.steps.door import Door, open_door
from tests.support.factories import Factory

COLUMNS = """event_id, ticket_id, ticket_version, direction, gate, scanned_at, received_at"""
ENTRY = f"""
INSERT INTO check_ins ({COLUMNS}, scan_id, verdict, reason)
SELECT {COLUMNS}, 'planted', 'accepted', 'admitted' FROM check_ins WHERE scan_id = 'entry'
"""
BACK = ENTRY.replace("'entry'", "'back'")

PLANTED = [
    ("more than once", ENTRY),
    ("cannot be", BACK),
    ("cannot be", "UPDATE check_ins SET undone_at = received_at WHERE scan_id = 'exit'"),
    ("not say what", "UPDATE tickets SET used_at = NULL"),
    ("not say what", "UPDATE tickets SET used_at = '2020-01-01' WHERE used_at IS NOT NULL"),
    ("not say what", "UPDATE tickets SET inside = NOT inside"),
    ("not say what", "UPDATE tickets SET entry_id = NULL"),
    ("not say what", "UPDATE check_ins SET undone_at = received_at WHERE scan_id = 'entry'"),
    ("no reason", "UPDATE check_ins SET reason = '' WHERE verdict = 'refused'"),
    ("no reason", "UPDATE check_ins SET reason = 'admitted' WHERE verdict = 'refused'"),
    ("no reason", "UPDATE check_ins SET reason = 'forged' WHERE verdict = 'accepted'"),
]


@pytest.fixture
def shop(services: Services, make: Factory) -> Services:
    """An event whose ticket came in once, and one whose ticket came, left and came back."""
    once = open_door(services, make)
    _scan(once, [("entry", Direction.IN), ("again", Direction.IN)])
    often = open_door(services, make, reentry=True)
    ways = [("in", Direction.IN), ("exit", Direction.OUT), ("back", Direction.IN)]
    _scan(often, ways)
    return services


def _scan(door: Door, ways: list[tuple[str, Direction]]) -> None:
    code = door.code(door.ticket())
    for scan_id, direction in ways:
        door.scan(code, scan_id=scan_id, direction=direction)


class TestViolations:
    def test_finds_nothing_when_all_is_well(self, shop: Services) -> None:
        assert shop.audit.violations() == []

    @pytest.mark.parametrize(("wrong", "statement"), PLANTED)
    def test_finds(self, shop: Services, database: Database, wrong: str, statement: str) -> None:
        with database.engine.begin() as connection:
            assert connection.execute(text(statement)).rowcount > 0

        found = [str(violation) for violation in shop.audit.violations()]

        assert any(line.startswith("I6: ") and wrong in line for line in found), found
