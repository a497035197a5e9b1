from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, or_, select, update

from app.database.leases import store_leased, take_lease
from app.domain.operations.leases import Lease
from app.domain.payments.payments import DueDelivery
from app.models.payments.payments import WebhookDelivery
from app.repositories.base import Repository, filled, table_of

W: Final = table_of(WebhookDelivery).c

DUE: Final = (
    select(W.id, W.event, W.reference, W.attempts)
    .where(
        W.work_at <= bindparam("now"),
        or_(W.leased_until.is_(None), W.leased_until <= bindparam("now")),
    )
    .order_by(W.work_at, W.id)
    .limit(bindparam("most"))
)
ONE: Final = select(W.id, W.event, W.reference, W.attempts).where(W.id == bindparam("delivery_id"))
CLOSE: Final = (
    update(table_of(WebhookDelivery))
    .where(
        W.id.in_(bindparam("ids", expanding=True)),
        or_(W.leased_until.is_(None), W.leased_until <= bindparam("now")),
    )
    .values(work_at=None, leased_until=None, outcome=bindparam("said"))
)


class WebhookRepository(Repository):
    def store(self, *, body_hash: str, event: str, reference: str | None, now: datetime) -> bool:
        """Note a delivery unless the same body came before; tell whether it is new."""
        delivery = WebhookDelivery(
            body_hash=body_hash,
            event=event,
            reference=reference,
            received_at=now,
            work_at=now,
        )
        return self._insert_row_if_new(delivery) is not None

    def due(self, *, now: datetime, limit: int) -> Sequence[DueDelivery]:
        """Open deliveries without a lease, in the order they came in."""
        return [filled(DueDelivery, row) for row in self._run(DUE, now=now, most=limit)]

    def take(self, *, now: datetime, lasts: timedelta) -> Lease | None:
        """The next delivery to act on, for this worker alone."""
        return take_lease(
            self._db,
            WebhookDelivery,
            due_at=WebhookDelivery.work_at,
            now=now,
            lasts=lasts,
            attempts=WebhookDelivery.attempts + 1,
        )

    def get(self, delivery_id: int) -> DueDelivery:
        return filled(DueDelivery, self._run(ONE, delivery_id=delivery_id).one())

    def close(self, delivery_ids: Sequence[int], *, outcome: str, now: datetime) -> None:
        """End the deliveries without a lease."""
        self._run(CLOSE, ids=delivery_ids, said=outcome[:300], now=now)

    def note(self, lease: Lease, *, outcome: str, again_at: datetime | None = None) -> None:
        """Say what came of a delivery, and when to act on it again; ``None``: never.

        Raises:
            LeaseLost: another worker has it.
        """
        store_leased(self._db, WebhookDelivery, lease, work_at=again_at, outcome=outcome[:300])

    def oldest_due(self) -> datetime | None:
        """When the delivery that waits longest came in."""
        return self._db.scalar(
            select(WebhookDelivery.received_at)
            .where(WebhookDelivery.work_at.is_not(None))
            .order_by(WebhookDelivery.work_at)
            .limit(1)
        )
