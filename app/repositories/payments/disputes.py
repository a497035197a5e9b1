from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select, update

from app.domain.ids import EventId, OrderId, PaymentId, UserId
from app.domain.paging import Cursor, Page
from app.domain.payments.disputes import DisputeReport
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.payments.disputes import Dispute
from app.models.payments.payments import Payment
from app.repositories.base import Repository


class DisputeOfPayment(NamedTuple):
    """A dispute, and what it is about."""

    dispute: Dispute
    reference: str
    currency: str
    order_id: OrderId
    event_id: EventId


class DisputeRepository(Repository):
    def note(self, payment_id: PaymentId, report: DisputeReport, *, now: datetime) -> None:
        """Keep what the provider said, and mark the payment; a resolved dispute stays as it is."""
        told = {
            "status": report.status,
            "category": report.category,
            "resolution": report.resolution,
            "amount_minor": report.amount_minor,
            "due_at": report.due_at,
            "changed_at": now,
            "resolved_at": now if report.is_resolved else None,
        }
        insertion = self._insert(Dispute).values(
            payment_id=payment_id, provider_id=report.provider_id, opened_at=now, **told
        )
        self._db.execute(
            insertion.on_conflict_do_update(
                index_elements=[Dispute.provider_id],
                set_=told,
                where=Dispute.resolved_at.is_(None),
            )
        )
        self._db.execute(
            update(Payment)
            .where(Payment.id == payment_id)
            .values(disputed_at=func.coalesce(Payment.disputed_at, now))
            .execution_options(synchronize_session=False)
        )

    def page(
        self,
        *,
        organizer_id: UserId | None,
        event_id: EventId | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[DisputeOfPayment]:
        """One page, the newest first; ``None`` does not filter."""
        statement = (
            select(Dispute, Payment.reference, Payment.currency, Order.id, Order.event_id)
            .join(Payment, Payment.id == Dispute.payment_id)
            .join(Order, Order.id == Payment.order_id)
        )
        if organizer_id is not None:
            statement = statement.join(Event, Event.id == Order.event_id).where(
                Event.organizer_id == organizer_id
            )
        if event_id is not None:
            statement = statement.where(Order.event_id == event_id)
        if after is not None:
            statement = statement.where(Dispute.id < after.id)
        newest = statement.order_by(Dispute.id.desc()).limit(limit + 1)
        found: Sequence[DisputeOfPayment] = [
            DisputeOfPayment(*row) for row in self._db.execute(newest)
        ]
        items = found[:limit]
        last = items[-1].dispute if len(found) > limit else None
        return Page(items, None if last is None else Cursor("-id", last.id, last.id))
