from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from app.models.payments import WebhookDelivery
from app.repositories.base import Repository
from app.repositories.claims import claim_due


class WebhookRepository(Repository):
    def store(
        self, *, body: str, body_hash: str, event: str, reference: str | None, now: datetime
    ) -> bool:
        """Keep a delivery unless the same body came before; tell whether it is new."""
        statement = (
            self._insert(WebhookDelivery)
            .values(
                body=body,
                body_hash=body_hash,
                event=event,
                reference=reference,
                received_at=now,
                work_at=now,
                attempts=0,
            )
            .on_conflict_do_nothing(index_elements=[WebhookDelivery.body_hash])
            .returning(WebhookDelivery.id)
        )
        return self._db.scalar(statement) is not None

    def claim_due(self, *, now: datetime, until: datetime, limit: int) -> Sequence[int]:
        """Deliveries that have not been acted on yet."""
        return claim_due(
            self._db,
            WebhookDelivery,
            due_at=WebhookDelivery.work_at,
            now=now,
            until=until,
            limit=limit,
            attempts=WebhookDelivery.attempts + 1,
        )

    def get(self, delivery_id: int) -> WebhookDelivery:
        return self._db.get_one(WebhookDelivery, delivery_id)

    def close(self, delivery_id: int, *, outcome: str) -> None:
        self._later(delivery_id, at=None, outcome=outcome)

    def retry(self, delivery_id: int, *, at: datetime, reason: str) -> None:
        self._later(delivery_id, at=at, outcome=reason)

    def _later(self, delivery_id: int, *, at: datetime | None, outcome: str) -> None:
        self._db.execute(
            update(WebhookDelivery)
            .where(WebhookDelivery.id == delivery_id)
            .values(work_at=at, outcome=outcome[:300])
            .execution_options(synchronize_session=False)
        )

    def oldest_due(self) -> datetime | None:
        """When the delivery that waits longest came in."""
        return self._db.scalar(
            select(WebhookDelivery.received_at)
            .where(WebhookDelivery.work_at.is_not(None))
            .order_by(WebhookDelivery.work_at)
            .limit(1)
        )
