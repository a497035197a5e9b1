from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update

from app.domain.ids import PaymentId, RefundId
from app.domain.states import RefundState
from app.models.payments import Refund
from app.repositories.base import Repository
from app.repositories.claims import claim_due


class RefundRepository(Repository):
    def get(self, refund_id: RefundId) -> Refund:
        return self._db.get_one(Refund, refund_id)

    def of_payment(self, payment_id: PaymentId) -> Sequence[Refund]:
        return self._db.scalars(select(Refund).where(Refund.payment_id == payment_id)).all()

    def claim_due(self, *, now: datetime, until: datetime, limit: int) -> Sequence[RefundId]:
        """Refunds to send to the provider, or to ask it about, now."""
        return claim_due(
            self._db,
            Refund,
            due_at=Refund.ask_at,
            now=now,
            until=until,
            limit=limit,
            asked=Refund.asked + 1,
        )

    def hurry(self, payment_id: PaymentId, *, now: datetime) -> None:
        """Look at the payment's refunds now: the provider said something about them.

        Also at those that wait for the buyer's bank details: the provider has them, it seems.
        """
        self._db.execute(
            update(Refund)
            .where(
                Refund.payment_id == payment_id,
                or_(Refund.ask_at.is_not(None), Refund.state == RefundState.NEEDS_ATTENTION),
            )
            .values(ask_at=now)
            .execution_options(synchronize_session=False)
        )
