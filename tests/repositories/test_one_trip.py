"""What goes in one trip on PostgreSQL, and what has to hold of such a trip."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from app.repositories.database import Database
from app.repositories.lean_cursor import LeanCursor
from app.repositories.transaction import Transaction
from app.routers.services import Services
from tests.door import open_door
from tests.factories import Factory
from tests.postgres_server import connect

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]

NOTE = text("INSERT INTO notes VALUES (:word)")


@contextmanager
def writing(database: Database) -> Iterator[list[str]]:
    """The statements of this block that change something."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        if statement.startswith(("INSERT", "UPDATE", "WITH")):
            seen.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


class TestTrips:
    def test_a_sale_is_written_by_two_statements(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference

        with writing(database) as seen:
            services.settlement.settle(reference)

        places, sale = seen
        assert places.startswith("UPDATE ticket_types")
        assert "INSERT INTO tickets" in sale
        assert "INSERT INTO ledger_entries" in sale

    def test_somebody_is_let_in_by_one_statement(
        self, services: Services, make: Factory, database: Database
    ) -> None:
        door = open_door(services, make)
        code = door.code(door.ticket())

        with writing(database) as seen:
            answer = door.scan(code)

        (passage,) = seen
        assert answer.check_in.reason == "admitted"
        assert "INSERT INTO check_ins" in passage


class TestAhead:
    @pytest.fixture
    def notes(self, database: Database) -> Iterator[Database]:
        with connect(database.url) as admin:
            admin.execute("CREATE TABLE notes (word text)")
        yield database
        with connect(database.url) as admin:
            admin.execute("DROP TABLE notes")

    def words(self, database: Database) -> list[str]:
        with database.connection() as connection:
            return list(connection.execute(text("SELECT word FROM notes")).scalars())

    def test_is_kept_whatever_becomes_of_the_transaction(self, notes: Database) -> None:
        with notes.engine.connect() as connection:
            transaction = Transaction(connection)
            with transaction.ahead():
                connection.execute(NOTE, {"word": "ahead"})
            connection.execute(NOTE, {"word": "inside"})
            assert self.words(notes) == ["ahead"]
            connection.rollback()

        assert self.words(notes) == ["ahead"]

    def test_comes_before_the_first_statement_only(self, notes: Database) -> None:
        with notes.engine.connect() as connection:
            transaction = Transaction(connection)
            connection.execute(NOTE, {"word": "inside"})

            with pytest.raises(ValueError, match="before its first statement"), transaction.ahead():
                pass


class TestLeanCursor:
    def test_describes_results_as_the_drivers_own_does(self, database: Database) -> None:
        asked = "SELECT 1 AS one, 'two'::text AS two"
        with connect(database.url) as admin:
            lean = LeanCursor(admin)
            lean.execute(asked)
            own = admin.execute(asked).description
            assert own is not None
            assert [tuple(column) for column in lean.description] == [tuple(c) for c in own]
            assert (len(lean.description), lean.description[1].name) == (2, "two")

            lean.execute("SET application_name = 'lean'")
            assert lean.description is None
