"""Connections to PostgreSQL: how long anything may take, and what a pooler in between keeps.

A pooler in transaction mode, such as PgBouncer, gives each transaction any server connection it
has. It refuses options at start-up, and what a session sets or prepares is another client's next.
So nothing is set for a session: limits are set inside each transaction, by the same trip that
begins it, and nothing is prepared unless the settings say so.
"""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import psycopg
from psycopg.abc import PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import TupleRow
from sqlalchemy import URL, make_url

from app.domain.operations.clocks import CALL_ENDS_AT

LONG: Final = timedelta(minutes=10)
"""What a statement may take that reads the whole database at one moment."""

PREPARED_AFTER: Final = 5
"""How often a statement runs before it is prepared, where that is allowed."""

LOOKS_EVERY: Final = 0.1
"""Seconds after which a wait looks whether it was interrupted; as the driver does."""

READ_ONLY: Final = "25006"
"""PostgreSQL's appendix A: read_only_sql_transaction."""

SOCKET: Final = {
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
"""A server that vanished is noticed after about ten seconds; libpq, chapter 34.1.2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a transaction may hold up others.

    A process that stopped, or a host that vanished, keeps what its transactions locked until the
    server ends them. As no statement waits longer than ``statement``, which is shorter than
    ``idle``, those of its transactions that wait for a lock fail before the one that holds it is
    ended: ``idle`` bounds all of them together.

    Attributes:
        statement: one statement of a transaction that writes, waiting for locks included.
        idle: a transaction without a statement.
        answer: how long a client waits for the answer to one statement, before it gives the
            connection up. The server says so first, unless it does not work any more.
    """

    statement: timedelta = timedelta(seconds=4)
    idle: timedelta = timedelta(seconds=5)
    answer: timedelta = timedelta(seconds=10)

    def begin(self) -> str:
        """Begins a transaction that has these limits."""
        return _begin("BEGIN", statement=self.statement, idle=self.idle)


SNAPSHOT: Final = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def snapshot() -> str:
    """Begins a transaction that reads one moment, and blocks no other."""
    return _begin(SNAPSHOT, statement=LONG, idle=LONG)


UNLIMITED: Final = timedelta(0)


def migrating() -> str:
    """Begins a migration, which takes as long as it takes."""
    return _begin("BEGIN", statement=UNLIMITED, idle=UNLIMITED)


def _begin(begin: str, *, statement: timedelta, idle: timedelta) -> str:
    parameters = {
        "statement_timeout": _milliseconds(statement),
        "idle_in_transaction_session_timeout": _milliseconds(idle),
    }
    return "; ".join([begin, *(f"SET LOCAL {name} = {to}" for name, to in parameters.items())])


def _milliseconds(length: timedelta) -> str:
    return str(int(length.total_seconds() * 1000))


class BoundedConnection(psycopg.Connection[TupleRow]):
    """Waits a bounded time for each answer; a connection that does not answer is closed."""

    answer_within: float | None = None
    """Seconds; ``None``: as long as it takes."""

    def wait(
        self, gen: PQGen[Any], interval: float = LOOKS_EVERY, timeout: float | None = None
    ) -> Any:
        """Run what waits for the server.

        Raises:
            OperationalError: no answer came in time. Whether the server acted is then unknown.
        """
        within = self._within() if timeout is None else timeout
        try:
            return super().wait(gen, interval, within)
        except (psycopg.IntegrityError, psycopg.DataError) as error:
            # What follows names the values that break a rule, and would end in logs.
            error.args = (str(error).partition("\n")[0],)
            raise
        except psycopg.OperationalError:
            if self.pgconn.transaction_status != TransactionStatus.ACTIVE:
                raise
            self.close()
            raise psycopg.OperationalError(f"no answer within {within} s") from None

    def _within(self) -> float | None:
        ends_at = CALL_ENDS_AT.get()
        if self.answer_within is None or ends_at is None:
            return self.answer_within
        return max(min(self.answer_within, ends_at - time.monotonic()), 0.0)


def connection_to(url: str, *, prepare: bool, wait: timedelta) -> tuple[URL, dict[str, Any]]:
    """The URL without what the driver takes in another form, and that, as connection arguments.

    What the URL says goes before what we would have said: ``options``, ``prepare_threshold`` and
    every parameter of libpq.
    """
    parsed = make_url(normal_url(url))
    query = dict(parsed.query)
    threshold: Any = query.pop("prepare_threshold", PREPARED_AFTER if prepare else None)
    arguments: dict[str, Any] = {
        "connect_timeout": max(int(wait.total_seconds()), 1),
        **SOCKET,
        "prepare_threshold": None if threshold in (None, "None", "none") else int(threshold),
    }
    arguments = {name: value for name, value in arguments.items() if name not in query}
    return parsed.set(query=query), arguments


def normal_url(url: str) -> str:
    """The URL with the driver we use, and several hosts in the form SQLAlchemy reads.

    Platforms hand out ``postgres://``; libpq's ``host1:port1,host2:port2`` becomes a query.
    """
    scheme, _, rest = url.partition("://")
    if scheme not in ("postgres", "postgresql", "postgresql+psycopg"):
        return url
    place, slash, name = rest.partition("/")
    user, at, hosts = place.rpartition("@")
    if "," in hosts:
        name, _, query = name.partition("?")
        several = "&".join(f"host={host}" for host in hosts.split(","))
        place, name = f"{user}{at}", f"{name}?{several}{'&' if query else ''}{query}"
    return f"postgresql+psycopg://{place}{slash}{name}"
