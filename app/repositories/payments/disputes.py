from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, func, select, update

from app.domain.errors import DisputeNotFound
from app.domain.ids import EventId, OrderId, OrganizationId, PaymentId
from app.domain.paging import Cursor, Page
from app.domain.payments.payments import DisputeReport
from app.models.events.events import Event
from app.models.payments.disputes import Dispute
from app.models.payments.payments import Payment
from app.repositories.base import Repository, filled

LISTING: Final = select(
    Dispute, Payment.reference, Payment.currency, Payment.order_id, Payment.event_id
).join(Payment, and_(Payment.id == Dispute.payment_id, Payment.event_id == Dispute.event_id))


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeOfPayment:
    dispute: Dispute
    reference: str
    currency: str
    order_id: OrderId
    event_id: EventId


class DisputeRepository(Repository):
    def get(self, dispute_id: int) -> DisputeOfPayment:
        """The dispute, with what its payment is.

        Raises:
            DisputeNotFound: there is none of this id.
        """
        row = self._db.execute(LISTING.where(Dispute.id == dispute_id)).one_or_none()
        if row is None:
            raise DisputeNotFound(dispute_id)
        return filled(DisputeOfPayment, row, dispute=row.Dispute)

    def of_payment(self, payment_id: PaymentId) -> Sequence[Dispute]:
        """The payment's disputes, the oldest first."""
        return self._db.scalars(
            select(Dispute)
            .where(Dispute.payment_id == payment_id)
            .order_by(Dispute.opened_at, Dispute.id)
        ).all()

    def close(self, dispute_id: int, *, now: datetime) -> bool:
        """Note that nothing is left to do about a resolved one; tell whether that was news."""
        closed = (
            update(Dispute)
            .where(
                Dispute.id == dispute_id,
                Dispute.resolved_at.is_not(None),
                Dispute.closed_at.is_(None),
            )
            .values(closed_at=now)
            .returning(Dispute)
        )
        return self._db.scalar(closed.execution_options(populate_existing=True)) is not None

    def note(self, payment: Payment, report: DisputeReport, *, now: datetime) -> int | None:
        """Keep what the provider said, and mark the payment; the dispute's number.

        ``None``: it was resolved before, and stays as it is.
        """
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
            payment_id=payment.id,
            event_id=payment.event_id,
            provider_id=report.provider_id,
            opened_at=now,
            **told,
        )
        dispute_id: int | None = self._db.scalar(
            insertion.on_conflict_do_update(
                index_elements=[Dispute.provider_id],
                set_=told,
                where=and_(Dispute.resolved_at.is_(None), Dispute.payment_id == payment.id),
            ).returning(Dispute.id)
        )
        self._db.execute(
            update(Payment)
            .where(Payment.id == payment.id)
            .values(disputed_at=func.coalesce(Payment.disputed_at, now))
        )
        return dispute_id

    def page(
        self,
        *,
        organizations: Sequence[OrganizationId] | None,
        event_id: EventId | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[DisputeOfPayment]:
        """One page, the newest first; ``None`` does not filter."""
        statement = LISTING
        if organizations is not None:
            statement = statement.join(Event, Event.id == Dispute.event_id).where(
                Event.organization_id.in_(organizations)
            )
        if event_id is not None:
            statement = statement.where(Dispute.event_id == event_id)
        moment, key = Dispute.opened_at, Dispute.id
        page = self._page(statement, moment, key, after=after, limit=limit)
        return page.of(lambda row: filled(DisputeOfPayment, row, dispute=row.Dispute))
