"""One PostgreSQL database for all tests of a process: copied once, then emptied for each test.

A copy takes PostgreSQL a third of a second of processor time, emptying two milliseconds: by a
session that stays open, as a new one reads the whole catalogue before it deletes anything.
"""

import os
import shutil
from pathlib import Path
from typing import Final

from psycopg import Connection, OperationalError, sql
from sqlalchemy import make_url

from tests.programs.open_databases import OpenDatabases
from tests.programs.postgres_server import connect, create_database, drop_database

VERSIONS: Final = "alembic_version"
"""The table that is not emptied."""

END_OTHERS: Final = """
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()
    AND pid <> ALL(%s)
"""

# Everything a test may have changed besides rows: after any of it the database is copied again.
FINGERPRINT: Final = f"""
SELECT
    (SELECT string_agg(version_num, ',') FROM {VERSIONS}),
    (SELECT sum(hashtext(format('%s %s %s', oid, relname, relpersistence)))
     FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT sum(hashtext(format('%s %s %s %s', attrelid, attname, atttypid, attnotnull)))
     FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE relnamespace = 'public'::regnamespace AND attnum > 0),
    (SELECT sum(oid::bigint) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
    (SELECT sum(oid::bigint) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
    (SELECT sum(hashtext(format('%s %s', oid, tgenabled))) FROM pg_trigger),
    (SELECT sum(hashtext(setconfig::text)) FROM pg_db_role_setting
     JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database())
"""

TABLES: Final = f"""
SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '{VERSIONS}'
"""

RESTART_SEQUENCES: Final = """
SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL
"""


class CopiedFile:
    """An SQLite file that is the template again whenever it is asked for."""

    def __init__(self, template: Path, folder: Path) -> None:
        self._template = template
        self._file = folder / "tickets.sqlite3"

    def emptied(self) -> str:
        """Copy the template to the file, and return its URL."""
        for beside in self._file.parent.iterdir():
            beside.unlink()
        shutil.copy(self._template, self._file)
        return f"sqlite:///{self._file}"


class ReusedDatabase:
    """A migrated database that is empty whenever it is asked for.

    Args:
        admin_url: where a superuser reaches the server.
        template: the migrated, empty database to copy; no connection to it may be open.
        open_databases: whose idle connections stay.
    """

    def __init__(self, admin_url: str, *, template: str, open_databases: OpenDatabases) -> None:
        self._admin_url = admin_url
        self._template = template
        self._open_databases = open_databases
        self._name = f"test_{os.getpid()}"
        self._session: Connection | None = None
        self._fingerprint: object = None
        self._deletes = sql.Composed([])
        self._url = (
            make_url(admin_url).set(database=self._name).render_as_string(hide_password=False)
        )

    def emptied(self) -> str:
        """End the sessions in it that no test shares, empty it, and return its URL."""
        if not self._is_emptied():
            self._open_databases.disconnect()
            self.drop()
            create_database(self._admin_url, self._name, template=self._template)
            self._session = self._connected()
        return self._url

    def drop(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None
        drop_database(self._admin_url, self._name)

    def _connected(self) -> Connection:
        session = connect(self._url)
        session.execute("SET session_replication_role = replica")  # no foreign keys
        self._fingerprint = _fingerprint(session)
        self._deletes = sql.SQL("; ").join(
            [
                sql.SQL("DELETE FROM {}").format(sql.Identifier(name))
                for (name,) in session.execute(TABLES)
            ]
        )
        return session

    def _is_emptied(self) -> bool:
        """Empty it, unless it is not there or a test changed more than rows."""
        if self._session is None:
            return False
        try:
            self._session.execute(END_OTHERS, [self._open_databases.sessions()])
            if _fingerprint(self._session) != self._fingerprint:
                return False
            self._session.execute(self._deletes)
            self._session.execute(RESTART_SEQUENCES)
        except OperationalError:  # a test ended this session
            return False
        return True


def _fingerprint(connection: Connection) -> object:
    return connection.execute(FINGERPRINT).fetchone()
