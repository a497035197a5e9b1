"""Holds: kept while the buyer pays, and given up when the time is over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import PaymentGatewayUnavailable
from app.domain.ids import OrderId
from app.domain.operations.faults import FaultPoint, reach
from app.domain.ports import Clock
from app.domain.states import OrderStatus
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.orders.order_steps import OrderSteps

Settle = Callable[[str], object]
"""Settles the payment with this reference, as far as the provider can tell what became of it.

Raises ``PaymentGatewayUnavailable`` where it cannot.
"""

KEEP_HOLD_FOR: Final = timedelta(seconds=30)
"""How much longer a hold is kept when the provider cannot say whether it was paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldService:
    """Ends the holds of unpaid orders."""

    database: Database
    clock: Clock
    orders: OrderSteps
    settle: Settle

    def expire(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """Release the places of orders whose hold has ended unpaid; tell how many.

        Paystack is asked first: a payment that did arrive is settled instead. While it does not
        answer, the hold is kept a little longer.
        """
        return self._expire_each("holds", limit=limit, keep_going=keep_going, unopened=False)

    def expire_unopened(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """The same for orders without a payment, about which Paystack need not be asked."""
        return self._expire_each(
            "unopened holds", limit=limit, keep_going=keep_going, unopened=True
        )

    def end_cancelled(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """End holds of orders placed while their event was cancelled; tell how many.

        One that is kept a little longer for a provider that does not answer stays.
        """
        return ItemRunner(self.database, self.clock).each(
            "cancelled holds",
            lambda work, most: work.holds.of_cancelled(beyond=self._kept(), limit=most),
            self._end,
            limit=limit,
            keep_going=keep_going,
        )

    def end_disabled_offers(self, *, limit: int = 50, keep_going: KeepGoing = always) -> int:
        """End offers of the waiting list to accounts that were disabled; tell how many."""
        return ItemRunner(self.database, self.clock).each(
            "disabled offers",
            lambda work, most: work.waiting.offers_to_disabled(beyond=self._kept(), limit=most),
            self._end,
            limit=limit,
            keep_going=keep_going,
        )

    def _kept(self) -> datetime:
        """Until when holds may be kept for a provider that does not answer."""
        return self.clock.now() + KEEP_HOLD_FOR

    def _end(self, order_id: OrderId) -> bool:
        with self.database.writing() as work:
            work.holds.shorten(order_id, until=self.clock.now())
        return True

    def _expire_each(self, job: str, *, limit: int, keep_going: KeepGoing, unopened: bool) -> int:
        def due(work: UnitOfWork, most: int) -> Sequence[OrderId]:
            return work.holds.due_to_expire(self.clock.now(), limit=most, unopened=unopened)

        return ItemRunner(self.database, self.clock).each(
            job, due, self._expire, limit=limit, keep_going=keep_going
        )

    def _expire(self, order_id: OrderId) -> bool:
        with self.database.reading() as work:
            references = [payment.reference for payment in work.payments.unsettled_of(order_id)]
        try:
            for reference in references:
                self.settle(reference)
        except PaymentGatewayUnavailable:
            with self.database.writing() as work:
                until = self.clock.now() + KEEP_HOLD_FOR
                work.holds.postpone(order_id, until=until)
            return False
        now = self.clock.now()
        with self.database.writing() as work:
            order = work.orders.lock(order_id)
            is_due = order.status == OrderStatus.PENDING and order.expires_at <= now
            released = is_due and self.orders.release(work, order, now=now)
            reach(FaultPoint.HOLD_RELEASED)
            return released
