"""How a transaction begins on SQLite and on PostgreSQL: SQLAlchemy's own dialects, but for that.

As dialects, rather than as listeners for an engine's events, because an engine with listeners goes
through four lists of them for each statement.
"""

from typing import Any, ClassVar, Final

from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

from app.database.postgresql import BoundedConnection

READ_ONLY: Final = "25006"
"""PostgreSQL's appendix A: read_only_sql_transaction."""


class WritingSqlite(SQLiteDialect_pysqlite):
    """Begins as the writer: a reader that turns writer later may fail at once."""

    supports_statement_cache = True
    begin: ClassVar[str] = "BEGIN IMMEDIATE"

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.dbapi_connection.execute(self.begin)


class SnapshotSqlite(WritingSqlite):
    """Reads one moment."""

    supports_statement_cache = True
    begin = "BEGIN"


class BoundedPostgresql(PGDialect_psycopg):
    """Begins by hand, as the driver is set to begin nothing, and connects with deadlines.

    Turning the driver's own BEGIN off and on again for each reader takes as long as a query.

    Args:
        begin: what begins a transaction, as one or more statements that go in one trip.
    """

    supports_statement_cache = True

    def __init__(self, begin: str = "BEGIN", **options: Any) -> None:
        super().__init__(**options)  # type: ignore[no-untyped-call]
        self._begin = begin

    def connect(self, *cargs: Any, **cparams: Any) -> Any:
        return BoundedConnection.connect(*cargs, **cparams)

    def do_begin(self, dbapi_connection: Any) -> None:
        dbapi_connection.dbapi_connection.execute(self._begin)

    def is_disconnect(self, e: Any, connection: Any, cursor: Any) -> bool:
        """Also tell of a server that takes no writes any more: a standby, after a fail-over.

        Its connections are made anew, and lead to the primary where the URL names several hosts.
        """
        if getattr(e, "sqlstate", None) == READ_ONLY:
            return True
        return bool(super().is_disconnect(e, connection, cursor))  # type: ignore[no-untyped-call]
