"""Frozen values from rows, by the names of their fields."""

from dataclasses import fields
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import Row

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

V = TypeVar("V", bound="DataclassInstance")


def filled(value: type[V], row: Row[*tuple[Any, ...]], **others: Any) -> V:
    """A value whose fields are the row's columns of the same names, or among ``others``.

    Columns that are no field are left out.
    """
    columns = row._mapping
    given = {name: columns[name] for name in _names(value) if name not in others}
    return value(**given, **others)


@cache
def _names(value: "type[DataclassInstance]") -> tuple[str, ...]:
    return tuple(field.name for field in fields(value))
