"""Runs migrations, for the command `alembic` and for the app that migrates on start."""

from logging.config import fileConfig

from sqlalchemy import Connection

from alembic import context
from app.config import Settings
from app.models import Base
from app.repositories.database import Database


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        # SQLite changes a table by copying it.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    if context.config.config_file_name is not None:
        fileConfig(context.config.config_file_name, disable_existing_loggers=False)
    database = Database(Settings().database)
    with database.engine.connect() as connection:
        migrate(connection)
