import pytest
from sqlalchemy import delete

from app.database.migrations import SchemaTooNew, migrate
from app.database.schema import APPLIED, revision, schema_state
from app.domain.operations.database_status import SchemaState
from app.repositories.database import Database
from tests.support.newer import migrate_beyond


class TestSchemaState:
    def test_of_a_migrated_database_is_current(self, database: Database) -> None:
        assert schema_state(database) == SchemaState.CURRENT

    def test_is_newer_where_each_migration_ahead_is_safe(self, database: Database) -> None:
        migrate_beyond(database, safe=True, to="9998")
        migrate_beyond(database, safe=True, to="9999")

        assert schema_state(database) == SchemaState.NEWER

    def test_is_incompatible_where_one_of_them_is_not(self, database: Database) -> None:
        migrate_beyond(database, safe=False, to="9998")
        migrate_beyond(database, safe=True, to="9999")

        assert schema_state(database) == SchemaState.INCOMPATIBLE

    def test_is_incompatible_where_nothing_is_said_of_them(self, database: Database) -> None:
        migrate_beyond(database, safe=True)
        with database.engine.begin() as connection:
            connection.execute(delete(APPLIED))

        assert schema_state(database) == SchemaState.INCOMPATIBLE


class TestMigrate:
    def test_leaves_a_newer_database_as_it_is(self, database: Database) -> None:
        migrate_beyond(database, safe=True)

        migrate(database)

        assert revision(database) == "9999"

    def test_refuses_one_it_cannot_work_with(self, database: Database) -> None:
        migrate_beyond(database, safe=False)

        with pytest.raises(SchemaTooNew, match="start the newer release"):
            migrate(database)
