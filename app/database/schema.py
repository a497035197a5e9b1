"""Which migrations the database has, and whether this release may work with them."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import cache
from pathlib import Path
from typing import Any, Final, Protocol

from alembic.config import Config
from alembic.runtime.migration import MigrationContext, MigrationInfo
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, Engine, delete, insert, inspect, select

from app.database.engines import Engines
from app.domain.operations.database_status import SchemaState
from app.models.operations.migrations import AppliedMigration

SCRIPTS: Final = Path(__file__).parents[2] / "alembic"

APPLIED: Final = AppliedMigration.metadata.tables[AppliedMigration.__tablename__]


class Migratable(Protocol):
    """A database, as far as its migrations have to know it."""

    url: str
    is_sqlite: bool
    engine: Engine
    engines: Engines
    translated: Callable[[], AbstractContextManager[None]]
    """Turns the library's failures into the shop's own."""

    def connection(self) -> AbstractContextManager[Connection]:
        """A bare connection for reading."""
        ...


@cache
def scripts() -> ScriptDirectory:
    """The migrations that this release knows."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    return ScriptDirectory.from_config(config)


@cache
def past_of(revision: str) -> Sequence[Script]:
    """A revision and all before it, the newest first."""
    return list(scripts().iterate_revisions(revision, "base"))


@cache
def _known() -> frozenset[str]:
    return frozenset(script.revision for script in scripts().walk_revisions())


def revision(database: Migratable) -> str | None:
    """The last migration the database has, or ``None`` when it is empty."""
    with database.connection() as connection:
        return _revision(connection)


def schema_state(database: Migratable) -> SchemaState:
    """How the database's migrations and this release go together."""
    with database.connection() as connection:
        current = _revision(connection)
        if current == scripts().get_current_head():
            return SchemaState.CURRENT
        if current is None or current in _known():
            return SchemaState.MISSING
        is_safe = _leads_safely(connection, current, to=scripts().get_current_head())
        return SchemaState.NEWER if is_safe else SchemaState.INCOMPATIBLE


def is_migrated(database: Migratable) -> bool:
    """Whether the database has every migration of this release, and no other."""
    return schema_state(database) == SchemaState.CURRENT


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _leads_safely(connection: Connection, current: str, *, to: str | None) -> bool:
    """Whether every migration after ``to``, up to ``current``, is safe for the code before it."""
    if not inspect(connection).has_table(APPLIED.name):
        return False
    steps = {row.revision: row for row in connection.execute(select(APPLIED))}
    revision: str | None = current
    while revision != to:
        step = steps.pop(revision, None)
        if step is None or not step.safe_for_old_code:
            return False
        revision = step.down_revision
    return True


def note(*, ctx: MigrationContext, step: MigrationInfo, **_: Any) -> None:
    """After a migration, in its transaction: note of it, and of all before, whether it is safe."""
    connection, script = ctx.connection, step.up_revision
    if connection is None or script is None or ctx.script is None:
        return
    if not inspect(connection).has_table(APPLIED.name):
        return
    if not step.is_upgrade:
        connection.execute(delete(APPLIED).where(APPLIED.c.revision == script.revision))
        return
    noted = set(connection.scalars(select(APPLIED.c.revision)))
    for each in ctx.script.iterate_revisions(script.revision, "base"):
        if each.revision not in noted:
            connection.execute(insert(APPLIED).values(_row(each)))


def _row(script: Script) -> dict[str, Any]:
    return {
        "revision": script.revision,
        "down_revision": script.down_revision,
        "safe_for_old_code": getattr(script.module, "safe_for_old_code", False),
    }
