"""`migrate`: bring the database up to date."""

from app.cli.running import CommandLine, Commands
from app.database import migrations
from app.database.schema import revision, schema_state
from app.domain.operations.database_status import SchemaState


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "migrate",
        help="bring the database up to date",
        description="Run every migration the database does not have yet. Does nothing when it is "
        "up to date; processes that start it at once wait for each other.",
    )
    parser.set_defaults(run=migrate)


def migrate(command: CommandLine) -> None:
    with command.context() as context:
        migrations.migrate(context.database)
        found = revision(context.database)
        if schema_state(context.database) == SchemaState.NEWER:
            print(f"The database is newer than this release (revision {found}), which may use it.")
        else:
            print(f"The database is up to date (revision {found}).")
