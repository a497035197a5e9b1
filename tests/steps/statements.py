"""The statements that something sends to the database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event

from app.repositories.database import Database


@contextmanager
def asked(database: Database) -> Iterator[dict[str, Any]]:
    """The statements of this block, with parameters."""
    seen: dict[str, Any] = {}

    def note(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            seen[statement] = parameters

    with _listening(database, "before_cursor_execute", note):
        yield seen


@contextmanager
def sent(database: Database) -> Iterator[list[str]]:
    """All statements of this block in their order, and how the transactions among them end."""
    seen: list[str] = []

    def note(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    def commit(_: Connection) -> None:
        seen.append("COMMIT")

    def roll_back(_: Connection) -> None:
        seen.append("ROLLBACK")

    with (
        _listening(database, "before_cursor_execute", note),
        _listening(database, "commit", commit, only_writing=True),
        _listening(database, "rollback", roll_back, only_writing=True),
    ):
        yield seen


@contextmanager
def _listening(
    database: Database, name: str, note: Any, *, only_writing: bool = False
) -> Iterator[None]:
    engines = {database.engine} if only_writing else {database.engines.reading, database.engine}
    for engine in engines:
        event.listen(engine, name, note)
    try:
        yield
    finally:
        for engine in engines:
            event.remove(engine, name, note)
