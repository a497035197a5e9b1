from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, cast

from sqlalchemy import CursorResult, Executable, Table
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.database.differences import insert_if_new, insert_or_skip
from app.database.transaction import Transaction
from app.models.base import Base

REFRESHES: Final[Mapping[str, Any]] = {"synchronize_session": False, "populate_existing": True}
"""For an UPDATE that returns whole rows: objects read before then show what it wrote."""


class Repository:
    """The queries of one noun inside one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._connection = transaction.connection

    @property
    def _db(self) -> Session:
        return self._transaction.session

    def _run(self, statement: Executable, **values: Any) -> CursorResult[*tuple[Any, ...]]:
        """Run a statement over bare tables, built once, past the ORM: a third of the time.

        Objects of the session neither write their changes before nor hear of it.
        """
        return self._connection.execute(statement, values)

    def _insert_row(self, row: Base) -> None:
        """Insert a row that nothing will change in this transaction, past the session.

        Raises:
            IntegrityError: a constraint refuses it.
        """
        insertion = _insertion(type(row))
        key = self._connection.execute(insertion, values_of(row)).scalar_one()
        if "id" in _columns(type(row)):
            show(row, id=key)

    def _insert_rows(self, rows: Sequence[Base]) -> None:
        """As ``_insert_row``, for rows of one model whose ids are not needed."""
        if rows:
            table = table_of(type(rows[0]))
            self._connection.execute(table.insert(), [values_of(row) for row in rows])

    def _insert_row_if_new(self, row: Base) -> Any | None:
        """As ``_insert_row``, giving back its first key; ``None``: a unique one stands already."""
        insertion = insert_if_new(self._connection, table_of(type(row)))
        return self._connection.execute(insertion, values_of(row)).scalar()

    def _insert(self, model: type[Base]) -> Any:
        """An INSERT that knows ON CONFLICT."""
        return insert_or_skip(self._connection, model)

    def add(self, row: Any) -> None:
        """Insert the row now, so that it has its id and its constraints have been checked.

        Raises:
            IntegrityError: a constraint refuses it.
        """
        self.add_all([row])

    def add_all(self, rows: Sequence[Any]) -> None:
        """Insert the rows now, as ``add`` does."""
        self._db.add_all(rows)
        self._db.flush()


def show(row: Base, **values: Any) -> None:
    """Have an object tell what a statement past the session wrote, and take it as stored."""
    for name, value in values.items():
        set_committed_value(row, name, value)


def table_of(model: type[Base]) -> Table:
    """The model's table, which SQLAlchemy's types promise only to be something to select from."""
    return cast("Table", model.__table__)


def defaults_of(model: type[Base]) -> dict[str, Any]:
    """What the model puts into columns that nobody names, by column."""
    return {
        column.name: column.default.arg
        for column in table_of(model).columns
        if isinstance(column.default, ScalarElementColumnDefault)
    }


def values_of(row: Base) -> dict[str, Any]:
    """What was given of a new row, by column; defaults are not in it."""
    given = row.__dict__
    return {name: given[name] for name in _columns(type(row)) if name in given}


@cache
def _columns(model: type[Base]) -> tuple[str, ...]:
    return tuple(column.name for column in table_of(model).columns)


@cache
def _insertion(model: type[Base]) -> Executable:
    """The INSERT of a model, giving back its first key."""
    table = table_of(model)
    return table.insert().returning(next(iter(table.primary_key)))
