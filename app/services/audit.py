"""The auditor: reads everything and says, in plain words, what is not as it must be."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any

from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Violation:
    """A row that breaks one of the ten invariants of docs/reliability.md."""

    rule: str
    wrong: str
    row: dict[str, Any]

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.row.items())
        return f"{self.rule}: {self.wrong} ({facts})"


class AuditService:
    """Checks the whole database against the invariants. Changes nothing."""

    def __init__(self, *, snapshot: Callable[[], AbstractContextManager[UnitOfWork]]) -> None:
        self._snapshot = snapshot

    def violations(self) -> list[Violation]:
        """Every violation, by rule; none when all is well.

        One transaction sees one moment, so a shop that goes on selling can be audited.
        """
        with self._snapshot() as work:
            return [Violation(*found) for found in work.audit.findings()]
