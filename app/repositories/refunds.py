from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import select, update

from app.domain.ids import PaymentId, RefundId
from app.domain.leases import Lease
from app.domain.states import RefundState
from app.models.payments import Refund
from app.repositories.base import Repository
from app.repositories.leases import renew_lease, store_leased, take_lease

ENDED: Final = (RefundState.PROCESSED, RefundState.FAILED)


class RefundRepository(Repository):
    def get(self, refund_id: RefundId) -> Refund:
        return self._db.get_one(Refund, refund_id)

    def of_payment(self, payment_id: PaymentId) -> Sequence[Refund]:
        return self._db.scalars(
            select(Refund).where(Refund.payment_id == payment_id).order_by(Refund.id)
        ).all()

    def take(self, *, now: datetime, lasts: timedelta) -> Lease | None:
        """The next refund to send to the provider, or to ask it about, for this worker alone."""
        return take_lease(
            self._db,
            Refund,
            Refund.state.not_in(ENDED),
            due_at=Refund.ask_at,
            wanted_at=Refund.wanted_at,
            now=now,
            lasts=lasts,
            asked=Refund.asked + 1,
        )

    def note_sent(self, lease: Lease, *, now: datetime, lasts: timedelta) -> Lease:
        """Renew the lease to send the refund now.

        Raises:
            LeaseLost: another worker has it.
        """
        return renew_lease(self._db, Refund, lease, now=now, lasts=lasts, sent_at=now)

    def store(self, lease: Lease, **values: Any) -> None:
        """Store what came of it, and end the lease.

        Raises:
            LeaseLost: another worker has it.
        """
        store_leased(self._db, Refund, lease, **values)

    def note_news(self, payment_id: PaymentId, *, now: datetime) -> None:
        """The provider said something about the payment's refunds: look at those not ended.

        Also at those that wait for the buyer's bank details: the provider has them, it seems. A
        worker that has one keeps it; then it is looked at once more.
        """
        self._db.execute(
            update(Refund)
            .where(Refund.payment_id == payment_id, Refund.state.not_in(ENDED))
            .values(wanted_at=now)
            .execution_options(synchronize_session=False)
        )
