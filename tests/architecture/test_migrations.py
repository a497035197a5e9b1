import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select

from app.database.migrations import migrate
from app.database.schema import APPLIED, is_migrated, past_of
from app.models import Base
from app.repositories.database import Database
from tests.conftest import ENGINES
from tests.programs.postgres_server import fresh_database
from tests.support.migrating import MIGRATIONS, downgrade

pytestmark = pytest.mark.slow

FILES = sorted((MIGRATIONS / "versions").glob("*.py"))


@pytest.fixture(params=ENGINES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """A database that was not migrated."""
    if request.param == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        yield database
        database.close()
        return
    with fresh_database(request.getfixturevalue("postgres"), "empty") as url:
        database = Database(url)
        yield database
        database.close()


def tables(database: Database) -> set[str]:
    with database.connection() as connection:
        return set(inspect(connection).get_table_names()) - {"alembic_version"}


def differences(database: Database) -> list[object]:
    with database.connection() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, Base.metadata))


class TestMigrations:
    def test_go_up_down_and_up_again(self, empty: Database) -> None:
        migrate(empty)
        up = tables(empty)
        downgrade(empty, "base")
        down = tables(empty)
        migrate(empty)

        assert up == set(Base.metadata.tables)
        assert down == set()
        assert tables(empty) == up
        assert is_migrated(empty)

    def test_go_one_step_back_and_forth(self, empty: Database) -> None:
        scripts = ScriptDirectory(str(MIGRATIONS))
        for revision in reversed(list(scripts.walk_revisions())):
            migrate(empty, to=revision.revision)
            downgrade(empty, "-1")
            migrate(empty, to=revision.revision)

        assert differences(empty) == []

    def test_build_what_the_models_say(self, empty: Database) -> None:
        migrate(empty)

        assert differences(empty) == []

    def test_may_run_again_and_change_nothing(self, empty: Database) -> None:
        migrate(empty)
        migrate(empty)

        assert is_migrated(empty)

    def test_are_missed_by_the_health_check(self, empty: Database) -> None:
        assert not is_migrated(empty)

    def test_follow_one_another_without_forks(self) -> None:
        assert len(ScriptDirectory(str(MIGRATIONS)).get_heads()) == 1

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_say_why_whether_it_is_safe_and_what_undoing_loses(self, file: Path) -> None:
        docstring = ast.get_docstring(ast.parse(file.read_text())) or ""

        for label in ("Why: ", "Safe:", "Undo:"):
            assert re.search(rf"^{label} +\S.{{10,}}", docstring, re.MULTILINE), label
        assert re.fullmatch(r"\d{4}_[a-z0-9_]+", file.stem)

    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_say_for_programs_whether_older_releases_may_go_on(self, file: Path) -> None:
        said = re.findall(
            r"^safe_for_old_code: bool = (True|False)$", file.read_text(), re.MULTILINE
        )

        assert len(said) == 1

    def test_are_noted_with_that(self, empty: Database) -> None:
        migrate(empty)

        with empty.connection() as connection:
            noted = {row.revision: row for row in connection.execute(select(APPLIED))}
        scripts = {script.revision: script for script in past_of("head")}
        assert {name: row.down_revision for name, row in noted.items()} == {
            name: script.down_revision for name, script in scripts.items()
        }
        assert {name: row.safe_for_old_code for name, row in noted.items()} == {
            name: script.module.safe_for_old_code for name, script in scripts.items()
        }
