"""Statements that join rows of an event say that they are of the same event.

A database that is spread by event joins them where they lie, and one that is not loses nothing.
"""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import pytest

from app.models import Base
from app.repositories.operations.audit_events import event_tables

REPOSITORIES: Final = Path(__file__).resolve().parents[2] / "app" / "repositories"
FILES: Final = sorted(REPOSITORIES.rglob("*.py"))
MODELS: Final = {
    mapper.class_.__name__: mapper.class_.__tablename__ for mapper in Base.registry.mappers
}
ARGUMENTS_WITHOUT_CONDITION: Final = {"join": 1, "outerjoin": 1, "join_from": 2}

DEARER_WITH_IT: Final = {
    "before.ticket_type_id == WaitingEntry.ticket_type_id",  # counted by an index alone
    "Ticket.order_id == Order.id",  # of one buyer: see buyer_places.py
}
"""Joins of which a plan got worse, as EXPLAIN showed."""

Column = tuple[str, str]
"""The name that stands for a table in the file, and the column's."""


def tables_of(tree: ast.Module) -> dict[str, str]:
    """Names in the file that stand for a table, its columns or an alias of it."""
    found = dict(MODELS)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and _is_of_table(node.value):
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            of = [n.id for n in ast.walk(node) if isinstance(n, ast.Name) and n.id in MODELS]
            if isinstance(target, ast.Name) and of:
                found[target.id] = MODELS[of[0]]
    return found


def _is_of_table(value: ast.expr | None) -> bool:
    """Whether the value is ``….c`` or ``aliased(…)``."""
    if isinstance(value, ast.Attribute):
        return value.attr == "c"
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "aliased"
    )


def _sides(node: ast.expr) -> tuple[Column, Column] | None:
    """The two columns that a condition says are equal."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.Eq):
        return None
    columns = [
        (side.value.id, side.attr)
        for side in (node.left, *node.comparators)
        if isinstance(side, ast.Attribute) and isinstance(side.value, ast.Name)
    ]
    return (columns[0], columns[1]) if len(columns) == 2 else None


def forgetful(code: str) -> Iterator[str]:
    """Conditions that join tables of events by something else alone, and joins without any."""
    tree = ast.parse(code)
    tables = tables_of(tree)
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if _joins_blindly(call):
            yield ast.unparse(call.func).rsplit(".", 1)[-1] + " without a condition"
    for node in ast.walk(tree):
        for group in _groups(node):
            yield from _alone(group, tables)


def _joins_blindly(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    return ARGUMENTS_WITHOUT_CONDITION.get(name) == len(call.args) and not _is_text(call)


def _is_text(call: ast.Call) -> bool:
    """Whether it is ``"…".join(…)``."""
    return isinstance(call.func, ast.Attribute) and isinstance(call.func.value, ast.Constant)


def _groups(node: ast.AST) -> Iterator[list[ast.expr]]:
    """Conditions that hold together: the arguments of a call, or of a constant's ``&``."""
    if isinstance(node, ast.Call):
        yield list(node.args)
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
        yield [node.left, node.right]


def _alone(group: list[ast.expr], tables: Mapping[str, str]) -> Iterator[str]:
    pairs = [sides for sides in map(_sides, group) if sides is not None]
    of_same_event = {
        frozenset((left[0], right[0])) for left, right in pairs if left[1] == right[1] == "event_id"
    }
    for (one, first), (other, second) in pairs:
        both = {tables.get(one, ""), tables.get(other, "")}
        if both <= event_tables().keys() and frozenset((one, other)) not in of_same_event:
            yield f"{one}.{first} == {other}.{second}"


class TestJoins:
    @pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
    def test_name_the_event_of_both(self, file: Path) -> None:
        found = set(forgetful(file.read_text(encoding="utf-8"))) - DEARER_WITH_IT

        assert not found, "add A.event_id == B.event_id beside it"

    @pytest.mark.parametrize(
        ("condition", "is_found"),
        [
            ("exists().where(Ticket.order_id == Order.id)", True),
            ("select(T).join(Order, Order.id == T.order_id)", True),
            ("select(T).join(Order)", True),
            ("and_(T.order_id == Order.id, T.event_id == Order.event_id)", False),
            ("(T.order_id == Order.id) & (T.event_id == Order.event_id)", False),
            ("exists().where(T.order_id == order.id)", False),
            ("select(T).join(Event, Event.id == T.event_id)", False),
        ],
    )
    def test_are_found_when_they_do_not(self, condition: str, is_found: bool) -> None:
        code = f"T: Final = table_of(Ticket).c\nFOUND = {condition}\n"

        assert bool(list(forgetful(code))) == is_found
