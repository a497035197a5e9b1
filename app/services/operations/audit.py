"""The auditor: reads everything and says, in plain words, what is not as it must be."""

from collections.abc import Callable
from contextlib import AbstractContextManager

from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.violations import Violation
from app.services.payments.provider_audit import ProviderLedger, compared


class AuditService:
    """Checks the whole database against the invariants. Changes nothing."""

    def __init__(self, *, snapshot: Callable[[], AbstractContextManager[UnitOfWork]]) -> None:
        self._snapshot = snapshot

    def violations(self, *, provider: ProviderLedger | None = None) -> list[Violation]:
        """Every violation, by rule; none when all is well.

        One transaction sees one moment, so a shop that goes on selling can be audited. With what
        the provider has in its books, which nothing may be on its way to, both are compared.
        """
        with self._snapshot() as work:
            found = [Violation(*row) for row in work.audit.findings()]
            if provider is not None:
                found += compared(work, provider)
            return found
