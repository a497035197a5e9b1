"""What every table shares: names of constraints, moments in UTC, enums as text."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Index,
    Integer,
    MetaData,
    TypeDecorator,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, never naive."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} is naive: say which zone it is in")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite keeps no zone; PostgreSQL answers in the session's.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer, "sqlite")
"""64 bits on both: SQLite numbers rows only in a column of the type INTEGER."""


def as_text(values: type[StrEnum]) -> Enum:
    """A column of an enum's values, kept as text: a new value changes no type in the database."""
    return Enum(
        values,
        native_enum=False,
        create_constraint=False,
        length=32,
        values_callable=lambda members: [member.value for member in members],
    )


class Base(DeclarativeBase):
    """The parent of every table."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012  (SQLAlchemy reads it as it is)


class Leased:
    """Columns of rows that one worker at a time acts on; see ``database/leases.py``."""

    leased_until: Mapped[datetime | None]
    """Until when a worker has the row; ``None``: no worker has."""
    lease_token: Mapped[int] = mapped_column(Id, default=0, server_default="0")
    """The fencing token: counts the leases there were."""


def id_column() -> Any:
    """The numbered primary key. Its table needs ``sqlite_autoincrement``: see decision 0022."""
    return mapped_column(Id, primary_key=True, autoincrement=True)


def index_where(name: str, *columns: str, where: str, **options: Any) -> Index:
    """An index of the rows alone that fulfil a condition, on both databases."""
    condition = text(where)
    return Index(name, *columns, sqlite_where=condition, postgresql_where=condition, **options)
