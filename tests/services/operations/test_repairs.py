"""Migrations mend what faults of older versions left behind in a shop's data."""

from sqlalchemy import text

from app.database.migrations import migrate
from app.http.services import Services
from app.repositories.database import Database
from tests.support.factories import Factory
from tests.support.migrating import downgrade


def left_behind(database: Database, statement: str, *, by: str) -> None:
    """Have the database as that version left it, and bring it up to date."""
    downgrade(database, by)
    with database.engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0
    migrate(database)


class TestBuyerPlaces:
    def test_are_counted_anew(self, services: Services, make: Factory, database: Database) -> None:
        event_id = make.event(max_per_buyer=5).id
        for quantity in (1, 3):
            buyer = make.user()
            make.buy(buyer, event_id, quantity=quantity)
            make.order(buyer, event_id)

        left_behind(database, "UPDATE buyer_places SET places = 0", by="0003")

        assert services.audit.violations() == []
