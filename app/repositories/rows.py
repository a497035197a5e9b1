"""Objects of the models from rows that were read past the ORM, at a quarter of its price."""

from collections.abc import Sequence
from typing import Any, Final, Generic, TypeVar

from sqlalchemy import inspect
from sqlalchemy.orm import Mapper, configure_mappers
from sqlalchemy.orm.base import instance_state

from app.models.base import Base
from app.repositories.base import table_of

M = TypeVar("M", bound=Base)


class RowsOf(Generic[M]):
    """Makes detached objects: no session writes what is changed in them.

    Relations that were not read along cannot be looked up later; that raises
    ``DetachedInstanceError``.

    Attributes:
        columns: what a statement has to select, next to each other and in this order.
    """

    def __init__(self, model: type[M]) -> None:
        # Only looking something up through the ORM would do it by itself.
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
