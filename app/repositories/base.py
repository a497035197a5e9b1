"""What all repositories share: a transaction, statements past the ORM, and objects from rows."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar, cast

from sqlalchemy import Connection, CursorResult, Executable, Row, Select, Table, inspect, tuple_
from sqlalchemy.orm import Mapper, Session, configure_mappers
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.base import instance_state
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from app.database.differences import insert_if_new, insert_or_skip
from app.domain.errors import NotFound
from app.domain.paging import NEWEST_FIRST, OLDEST_FIRST, Cursor, Page
from app.models.base import Base

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

M = TypeVar("M", bound=Base)
V = TypeVar("V", bound="DataclassInstance")


class Transaction:
    """One connection in one transaction, and the objects that were read in it.

    A session costs as much as three statements over bare tables, so it is made for the first
    repository that wants one.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._session: Session | None = None

    @property
    def session(self) -> Session:
        """For objects that write their changes by themselves.

        An UPDATE or DELETE leaves the objects in it as they are. One that returns whole rows with
        ``populate_existing`` has objects that were read before show what it wrote.
        """
        if self._session is None:
            if not self.connection.in_transaction():
                # A session ends what it began itself; this transaction ends with the unit of work.
                self.connection.begin()
            self._session = Session(
                self.connection,
                expire_on_commit=False,
                join_transaction_mode="rollback_only",
                execution_options={"synchronize_session": False},
            )
        return self._session

    @contextmanager
    def part(self) -> Iterator[None]:
        """Set a savepoint; an exception in the block goes back to it."""
        with self.session.begin_nested():
            # A session sets its savepoint when it is first asked for the connection, but bare
            # statements do not ask it.
            self.session.connection()
            yield

    def flush(self) -> None:
        """Write changed objects now."""
        if self._session is not None:
            self._session.flush()

    def close(self) -> None:
        """Let go of the objects: they stay readable, and write nothing any more."""
        if self._session is not None:
            self._session.close()


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

    def _get(self, model: type[M], key: Any, missing: NotFound) -> M:
        """The row with this primary key.

        Raises:
            NotFound: ``missing``; there is none, or none any more.
        """
        found = self._db.get(model, key)
        if found is None:
            raise missing
        return found

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

    def _page(
        self,
        statement: Select[*tuple[Any, ...]],
        moment: Any,
        key: Any,
        *,
        after: Cursor | None,
        limit: int,
        sort: str = NEWEST_FIRST,
        **values: Any,
    ) -> Page[Row[*tuple[Any, ...]]]:
        """One page of a list in the order of a moment: ids alone do not tell one.

        Rows of one moment are in the order of their ids, so that no page meets a row twice.

        Args:
            statement: selects the list.
            moment: the column that orders it.
            key: the column of ids.
            after: behind which row the page begins.
            limit: how many rows it has at most.
            sort: ``NEWEST_FIRST`` or ``OLDEST_FIRST``.
            values: parameters of the statement.
        """
        is_rising = sort == OLDEST_FIRST
        if after is not None:
            place, behind = tuple_(moment, key), tuple_(after.value, after.id)
            statement = statement.where(place > behind if is_rising else place < behind)
        order = (moment, key) if is_rising else (moment.desc(), key.desc())
        placed = statement.add_columns(moment.label("page_moment"), key.label("page_key"))
        rows = self._db.execute(placed.order_by(*order).limit(limit + 1), values).all()
        if len(rows) <= limit:
            return Page(rows, None)
        last = rows[limit - 1]
        return Page(rows[:limit], Cursor(sort, last.page_moment, last.page_key))

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
    """What the model puts into columns that are not given, by column."""
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


class RowsOf(Generic[M]):
    """Makes objects of a model from rows read past the ORM, at a quarter of its price.

    They are detached: no session writes what is changed in them.

    Relations that were not read along cannot be looked up later; that raises
    ``DetachedInstanceError``.

    Attributes:
        columns: what a statement has to select, next to each other and in this order.
    """

    def __init__(self, model: type[M]) -> None:
        # Only looking something up through the ORM would do it unasked.
        configure_mappers()
        mapper: Mapper[M] = inspect(model)
        self.columns: Final = tuple(table_of(model).columns)
        self._key = [self.columns.index(column) for column in mapper.primary_key]
        self._names = [mapper.get_property_by_column(column).key for column in self.columns]
        self._mapper = mapper

    def one(self, values: Sequence[Any], **relations: Any) -> M:
        """The object with these values, and with what was read along under the names given."""
        row: M = self._mapper.class_manager.new_instance()
        row.__dict__.update(zip(self._names, values, strict=True), **relations)
        # Its identity is what makes it detached, rather than an object never stored, whose
        # relations would look empty.
        key = tuple(values[place] for place in self._key)
        instance_state(row).key = self._mapper.identity_key_from_primary_key(key)
        return row


def filled(value: type[V], row: Row[*tuple[Any, ...]], **others: Any) -> V:
    """A frozen value whose fields are the row's columns of the same names, or among ``others``.

    Columns that are no field are left out.
    """
    columns = row._mapping
    given = {name: columns[name] for name in _names(value) if name not in others}
    return value(**given, **others)


@cache
def _names(value: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(value))
