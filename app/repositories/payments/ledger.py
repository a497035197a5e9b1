from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import insert

from app.domain.ids import EventId
from app.domain.payments.ledger import Line
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
