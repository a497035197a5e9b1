from collections.abc import Sequence
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import bindparam, select, update

from app.models.payments import WebhookDelivery
from app.repositories.base import Repository, table_of
from app.repositories.claims import claim_due

W: Final = table_of(WebhookDelivery).c

CLAIMED: Final = (
    select(W.id, W.event, W.reference, W.attempts)
    .where(W.id.in_(bindparam("ids", expanding=True)))
    .order_by(W.id)
)
LATER: Final = (
    update(table_of(WebhookDelivery))
    .where(W.id.in_(bindparam("ids", expanding=True)))
    .values(work_at=bindparam("at"), outcome=bindparam("said"))
)


class ClaimedDelivery(NamedTuple):
    """A delivery that is ours to act on; ``attempts`` counts this one too."""

    id: int
    event: str
    reference: str | None
    attempts: int


class WebhookRepository(Repository):
    def store(
        self, *, body: str, body_hash: str, event: str, reference: str | None, now: datetime
    ) -> bool:
        """Keep a delivery unless the same body came before; tell whether it is new."""
        delivery = WebhookDelivery(
            body=body,
            body_hash=body_hash,
            event=event,
            reference=reference,
            received_at=now,
            work_at=now,
            attempts=0,
        )
        return self._insert_row_if_new(delivery) is not None

    def claim_due(self, *, now: datetime, until: datetime, limit: int) -> Sequence[ClaimedDelivery]:
        """Deliveries that have not been acted on yet, in the order they came in."""
        ids = claim_due(
            self._db,
            WebhookDelivery,
            due_at=WebhookDelivery.work_at,
            now=now,
            until=until,
            limit=limit,
            attempts=WebhookDelivery.attempts + 1,
        )
        return [ClaimedDelivery(*row) for row in self._run(CLAIMED, ids=ids)] if ids else []

    def close(self, delivery_ids: Sequence[int], *, outcome: str) -> None:
        self._run(LATER, ids=delivery_ids, at=None, said=outcome[:300])

    def retry(self, delivery_id: int, *, at: datetime, reason: str) -> None:
        self._run(LATER, ids=[delivery_id], at=at, said=reason[:300])

    def oldest_due(self) -> datetime | None:
        """When the delivery that waits longest came in."""
        return self._db.scalar(
            select(WebhookDelivery.received_at)
            .where(WebhookDelivery.work_at.is_not(None))
            .order_by(WebhookDelivery.work_at)
            .limit(1)
        )
