"""The work nobody waits for: expiring holds, asking about payments, refunds, messages."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from app.domain.backoff import retry_delay
from app.domain.errors import PaymentGatewayUnavailable
from app.domain.ids import OrderId, PaymentId
from app.domain.ports import Clock
from app.domain.states import OrderStatus
from app.repositories.unit_of_work import UnitOfWorkFactory
from app.services.messages import MessageService
from app.services.orders import OrderPlacer
from app.services.refunds import RefundService
from app.services.sessions import SessionService
from app.services.settlement import SettlementService
from app.services.users import UserService
from app.services.webhooks import WebhookService

LEASE: Final = timedelta(minutes=2)

KEEP_HOLD_FOR: Final = timedelta(seconds=30)
"""How much longer a hold is kept when the provider cannot say whether it was paid."""

ASK_UNTIL: Final = timedelta(hours=48)
"""How long after its start an unpaid payment is asked about. A webhook is heard at any age."""

TIDY_EVERY: Final = timedelta(hours=1)


class WorkService:
    """Does what is due, a bounded batch at a time. Any number of workers may run it at once."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        orders: OrderPlacer,
        settlement: SettlementService,
        webhooks: WebhookService,
        refunds: RefundService,
        messages: MessageService,
        sessions: SessionService,
        users: UserService,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._orders = orders
        self._settlement = settlement
        self._sessions = sessions
        self._users = users
        self._tidied_at = clock.now()
        self.jobs: tuple[tuple[str, Callable[[], int]], ...] = (
            ("webhooks", webhooks.act_on_due),
            ("payments", self.ask_about_payments),
            ("holds", self.expire_holds),
            ("refunds", refunds.advance_due),
            ("messages", messages.send_due),
            ("tidying", self._tidy),
        )
        """By name; each tells how much it did, and 0 when nothing was due."""

    def expire_holds(self, *, limit: int = 50) -> int:
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
            with self._unit_of_work() as work:
                until = self._clock.now() + KEEP_HOLD_FOR
                work.orders.postpone_expiry(order_id, until=until)
            return False
        now = self._clock.now()
        with self._unit_of_work() as work:
            order = work.orders.lock(order_id)
            is_due = order.status == OrderStatus.PENDING and order.expires_at <= now
            return is_due and self._orders.release(work, order, now=now)

    def ask_about_payments(self, *, limit: int = 20) -> int:
        """Ask Paystack about payments that nobody has settled; tell how many."""
        now = self._clock.now()
        with self._unit_of_work() as work:
            due = work.payments.claim_to_ask(now=now, until=now + LEASE, limit=limit)
        for payment_id in due:
            self._ask_about(payment_id)
        return len(due)

    def _ask_about(self, payment_id: PaymentId) -> None:
        with self._unit_of_work(read_only=True) as work:
            payment = work.payments.get(payment_id)
        longest = timedelta(hours=1)
        try:
            self._settlement.settle(payment.reference)
        except PaymentGatewayUnavailable:
            longest = timedelta(minutes=1)
        now = self._clock.now()
        with self._unit_of_work() as work:
            payment = work.payments.get(payment_id)
            if payment.ask_at is None:
                return
            is_old = now - payment.started_at > ASK_UNTIL
            wait = retry_delay(payment.asked, longest=longest)
            work.payments.ask_again(payment_id, at=None if is_old else now + wait)

    def _tidy(self) -> int:
        now = self._clock.now()
        if now - self._tidied_at < TIDY_EVERY:
            return 0
        self._tidied_at = now
        self._sessions.forget_ended(older_than=timedelta(days=7))
        self._users.forget_old_attempts(older_than=timedelta(days=1))
        return 1
