"""Which constraint a refused statement broke, by what the error tells of it."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.exc import IntegrityError

from app.models.base import Base

UNIQUE_VIOLATION: Final = "23505"
FOREIGN_KEY_VIOLATION: Final = "23503"
"""PostgreSQL's appendix A: unique_violation, foreign_key_violation."""


@dataclass(frozen=True, slots=True)
class UniqueKey:
    """A unique constraint or index of a table."""

    name: str
    table: str
    columns: frozenset[str]


def unique_key(model: type[Base], *columns: str) -> UniqueKey:
    """The model's unique key of these columns.

    Raises:
        LookupError: it has none.
    """
    table = model.metadata.tables[model.__tablename__]
    wanted = frozenset(columns)
    found: Sequence[UniqueConstraint | Index] = [
        *(each for each in table.constraints if isinstance(each, UniqueConstraint)),
        *(index for index in table.indexes if index.unique),
    ]
    for each in found:
        if {column.name for column in each.columns} == wanted:
            return UniqueKey(str(each.name), model.__tablename__, wanted)
    raise LookupError(f"{model.__tablename__} has no unique key of {sorted(wanted)}")


def broken_key(error: IntegrityError, *keys: UniqueKey) -> UniqueKey | None:
    """Which of the keys the statement collided on; ``None``: it was another constraint.

    PostgreSQL names the constraint and SQLite its columns. Where a server names no constraint, the
    columns in its explanation tell; where it tells nothing, a lone candidate is taken.
    """
    about = _told_by_sqlite if getattr(error.orig, "diag", None) is None else _told_by_postgresql
    told = [key for key in keys if about(error, key)]
    return told[0] if len(told) == 1 else None


def is_reference_broken(error: IntegrityError) -> bool:
    """Whether the statement names a row that is not there (any more)."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return bool(code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY)
    return getattr(error.orig, "sqlstate", None) == FOREIGN_KEY_VIOLATION


def _told_by_sqlite(error: IntegrityError, key: UniqueKey) -> bool:
    _, is_unique, columns = str(error.orig).partition("UNIQUE constraint failed: ")
    wanted = {f"{key.table}.{column}" for column in key.columns}
    return bool(is_unique) and set(columns.split(", ")) == wanted


def _told_by_postgresql(error: IntegrityError, key: UniqueKey) -> bool:
    diagnosis = getattr(error.orig, "diag", None)
    if getattr(error.orig, "sqlstate", None) != UNIQUE_VIOLATION or diagnosis is None:
        return False
    if diagnosis.constraint_name:
        return bool(diagnosis.constraint_name == key.name)
    if diagnosis.table_name and diagnosis.table_name != key.table:
        return False
    # "Key (event_id, name_key)=(1, vip) already exists."
    _, is_told, behind = (diagnosis.message_detail or "").partition("Key (")
    columns, _, _ = behind.partition(")")
    return not is_told or {name.strip(' "') for name in columns.split(",")} == key.columns
