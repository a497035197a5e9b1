"""How a transaction begins on SQLite and on PostgreSQL: SQLAlchemy's own dialects, but for that.

As dialects, rather than as listeners for an engine's events, because an engine with listeners goes
through four lists of them for each statement.
"""

from typing import Any, ClassVar, Final

from psycopg.pq import ExecStatus
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

SYNCHRONOUS: Final = "ticketing_synchronous"
"""Under which a connection to SQLite remembers how thoroughly its commits reach the disk."""

AHEAD: Final = "ticketing_ahead"
"""Under which a connection to PostgreSQL is told that its next statement begins no transaction."""


class WritingSqlite(SQLiteDialect_pysqlite):
    """Begins as the writer: a reader that turns writer later may fail at once."""

    supports_statement_cache = True
    begin: ClassVar[str] = "BEGIN IMMEDIATE"
    synchronous: ClassVar[str] = "FULL"

    def do_begin(self, dbapi_connection: Any) -> None:
        driver = dbapi_connection.dbapi_connection
        if dbapi_connection.info.get(SYNCHRONOUS) != self.synchronous:
            driver.execute(f"PRAGMA synchronous = {self.synchronous}")
            dbapi_connection.info[SYNCHRONOUS] = self.synchronous
        driver.execute(self.begin)


class RelaxedSqlite(WritingSqlite):
    """Leaves the write-ahead log to the next FULL commit: nothing is torn or reordered."""

    supports_statement_cache = True
    synchronous = "NORMAL"


class SnapshotSqlite(WritingSqlite):
    """Reads one moment."""

    supports_statement_cache = True
    begin = "BEGIN"


class WritingPostgresql(PGDialect_psycopg):
    """Begins by hand: the driver is set to begin nothing.

    Turning its own BEGIN off and on again for each reader takes as long as a query.
    """

    supports_statement_cache = True
    begin: ClassVar[str] = "BEGIN"

    def do_begin(self, dbapi_connection: Any) -> None:
        if dbapi_connection.info.pop(AHEAD, False):
            return
        driver = dbapi_connection.dbapi_connection
        if driver.pgconn.exec_(self.begin.encode()).status != ExecStatus.COMMAND_OK:
            # It fails here as well, at twice the price, and says why.
            driver.execute(self.begin)


class SnapshotPostgresql(WritingPostgresql):
    """Reads one moment."""

    supports_statement_cache = True
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ"
