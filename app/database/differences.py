"""What SQLite and PostgreSQL spell differently inside a statement. Repositories ask here."""

from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Insert,
    Table,
    and_,
    bindparam,
    cast,
    extract,
    func,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite

from app.models.base import Base

QUARTER_SECONDS: Final = 15 * 60

LAST_CHARACTER: Final = "\U0010ffff"
"""Stands behind all others, by its bytes as well."""

ADVISORY_LOCK: Final = select(func.pg_advisory_xact_lock(bindparam("number", type_=BigInteger)))


def insert_or_skip(connection: Connection, model: type[Base]) -> Any:
    """An INSERT that knows ``ON CONFLICT``: SQLAlchemy has one for each database, not for both."""
    return _insert(connection.dialect.name, model)


def insert_if_new(connection: Connection, table: Table) -> Insert:
    """Inserts a row and returns its first key; no row if a unique value stands already."""
    return _insert_if_new(connection.dialect.name, table)


def lock_number(connection: Connection, number: int) -> None:
    """Lock a number until the transaction ends; on SQLite a writer is alone already."""
    if connection.dialect.name != "sqlite":
        connection.execute(ADVISORY_LOCK, {"number": number})


def begins_with(
    connection: Connection, column: ColumnElement[str], beginning: str
) -> ColumnElement[bool]:
    """Whether a key begins so, told by an index; PostgreSQL's has ``varchar_pattern_ops``."""
    end = beginning + LAST_CHARACTER
    if connection.dialect.name == "sqlite":
        return and_(column >= beginning, column < end)
    return and_(column.op("~>=~")(beginning), column.op("~<~")(end))


def quarter_of(connection: Connection, moment: ColumnElement[datetime]) -> ColumnElement[int]:
    """The number of the quarter of an hour in which a moment lies, counted from 1970 in UTC."""
    if connection.dialect.name == "sqlite":
        return cast(func.strftime("%s", moment), BigInteger) // QUARTER_SECONDS
    return cast(func.floor(extract("epoch", moment) / QUARTER_SECONDS), BigInteger)


def _insert(dialect: str, into: type[Base] | Table) -> Any:
    return (sqlite if dialect == "sqlite" else postgresql).insert(into)


@cache
def _insert_if_new(dialect: str, table: Table) -> Insert:
    key = next(iter(table.primary_key))
    insertion: Insert = _insert(dialect, table).on_conflict_do_nothing().returning(key)
    return insertion
