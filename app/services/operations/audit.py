"""The auditor: reads everything and says, in plain words, what is not as it must be."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from app.domain.ports import Clock
from app.domain.ports.payments import ProviderLedger
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Violation:
    """Something that breaks one of the invariants of docs/reliability.md."""

    rule: str
    wrong: str
    row: dict[str, Any]

    def __str__(self) -> str:
        facts = ", ".join(f"{name} {value}" for name, value in self.row.items())
        return f"{self.rule}: {self.wrong} ({facts})"


Comparison = Callable[[UnitOfWork, ProviderLedger], Iterable[Violation]]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditService:
    """Checks the whole database against the invariants. Changes nothing.

    Attributes:
        database: what is checked.
        clock: tells what should have been done by now.
        compared: tells what the provider's books and ours do not agree on.
    """

    database: Database
    clock: Clock
    compared: Comparison

    def violations(self, *, provider: ProviderLedger | None = None) -> list[Violation]:
        """Every violation, by rule; none when all is well.

        One transaction sees one moment, so a shop that goes on selling can be audited. With what
        the provider has in its books, which nothing may be on its way to, both are compared.
        """
        with self.database.snapshot() as work:
            found = [Violation(*row) for row in work.audit.findings(now=self.clock.now())]
            if provider is not None:
                found += self.compared(work, provider)
            return found
