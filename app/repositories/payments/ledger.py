from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select

from app.domain.ids import EventId
from app.domain.payments.ledger import Account, Line
from app.models.payments.ledger import LedgerEntry
from app.repositories.base import Repository, table_of

INSERT: Final = insert(table_of(LedgerEntry))


class LedgerRepository(Repository):
    """The books. There is no way to change a line."""

    def post(
        self,
        posting: str,
        lines: Sequence[Line],
        *,
        currency: str,
        event_id: EventId,
        now: datetime,
    ) -> None:
        """Write a posting; its name makes it happen once.

        Raises:
            IntegrityError: it was written before.
        """
        if lines:
            self._connection.execute(
                INSERT,
                [
                    {
                        "posting": posting,
                        "account": line.account,
                        "amount_minor": line.minor,
                        "currency": currency,
                        "event_id": event_id,
                        "at": now,
                    }
                    for line in lines
                ],
            )

    def balances(self, event_id: EventId) -> dict[tuple[Account, str], int]:
        """What lies on each account of the event, by currency, in minor units."""
        rows = self._db.execute(
            select(LedgerEntry.account, LedgerEntry.currency, func.sum(LedgerEntry.amount_minor))
            .where(LedgerEntry.event_id == event_id)
            .group_by(LedgerEntry.account, LedgerEntry.currency)
        )
        return {(account, currency): int(total) for account, currency, total in rows}
