"""Holds: kept while the buyer pays, and given up when the time is over."""

from datetime import timedelta
from typing import Final

from app.domain.backoff import retry_delay
from app.domain.errors import PaymentGatewayUnavailable
from app.domain.faults import FaultPoint, reach
from app.domain.ids import OrderId, PaymentId
from app.domain.leases import Lease
from app.domain.ports import Clock
from app.domain.states import OrderStatus
from app.repositories.unit_of_work import UnitOfWorkFactory
from app.services.items import each_leased
from app.services.order_steps import OrderSteps
from app.services.settlement import SettlementService

LEASE: Final = timedelta(minutes=2)
"""How long a payment is left to the worker that asks about it."""

KEEP_HOLD_FOR: Final = timedelta(seconds=30)
"""How much longer a hold is kept when the provider cannot say whether it was paid."""

ASK_UNTIL: Final = timedelta(hours=48)
"""How long after its start an unpaid payment is asked about. A webhook is heard at any age."""


class HoldService:
    """Finds out what became of payments nobody settled, and ends the holds of unpaid orders."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        orders: OrderSteps,
        settlement: SettlementService,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._orders = orders
        self._settlement = settlement

    def expire(self, *, limit: int = 50) -> int:
        """Release the places of orders whose hold has ended unpaid; tell how many.

        Paystack is asked first: a payment that did arrive is settled instead. While it does not
        answer, the hold is kept a little longer.
        """
        with self._unit_of_work(read_only=True) as work:
            due = work.orders.due_to_expire(self._clock.now(), limit=limit)
        return sum(self._expire(order_id) for order_id in due)

    def _expire(self, order_id: OrderId) -> bool:
        with self._unit_of_work(read_only=True) as work:
            references = [payment.reference for payment in work.payments.unsettled_of(order_id)]
        try:
            for reference in references:
                self._settlement.settle(reference)
        except PaymentGatewayUnavailable:
            with self._unit_of_work(relaxed=True) as work:
                until = self._clock.now() + KEEP_HOLD_FOR
                work.orders.postpone_expiry(order_id, until=until)
            return False
        now = self._clock.now()
        with self._unit_of_work() as work:
            order = work.orders.lock(order_id)
            is_due = order.status == OrderStatus.PENDING and order.expires_at <= now
            released = is_due and self._orders.release(work, order, now=now)
            reach(FaultPoint.HOLD_RELEASED)
            return released

    def ask_about_payments(self, *, limit: int = 20) -> int:
        """Ask Paystack about payments that nobody has settled; tell how many."""
        return each_leased("payments", self._take, self._ask_about, limit=limit)

    def _take(self) -> Lease | None:
        with self._unit_of_work(relaxed=True) as work:
            return work.payments.take_to_ask(now=self._clock.now(), lasts=LEASE)

    def _ask_about(self, lease: Lease) -> None:
        payment_id = PaymentId(lease.row_id)
        with self._unit_of_work(read_only=True) as work:
            payment = work.payments.get(payment_id)
        longest = timedelta(hours=1)
        try:
            self._settlement.settle(payment.reference)
        except PaymentGatewayUnavailable:
            longest = timedelta(minutes=1)
        now = self._clock.now()
        with self._unit_of_work(relaxed=True) as work:
            payment = work.payments.get(payment_id)
            is_over = payment.ask_at is None or now - payment.started_at > ASK_UNTIL
            wait = retry_delay(payment.asked, longest=longest)
            work.payments.ask_again(lease, at=None if is_over else now + wait)
