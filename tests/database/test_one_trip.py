"""What goes in one trip on PostgreSQL, and what has to hold of such a trip."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.http.services import Services
from app.repositories.database import Database
from tests.support.factories import Factory

pytestmark = [
    pytest.mark.postgresql,
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]


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
