"""Going back to an older version of the database."""

from pathlib import Path

from alembic.config import Config

from alembic import command
from app.repositories.database import Database

MIGRATIONS = Path(__file__).parents[2] / "alembic"


def downgrade(database: Database, to: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
