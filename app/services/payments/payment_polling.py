"""Asks Paystack about payments of which no webhook came."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.errors import PaymentGatewayUnavailable
from app.domain.ids import PaymentId
from app.domain.operations.clocks import retry_delay
from app.domain.operations.leases import Lease
from app.domain.ports import Clock
from app.repositories.database import Database
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.payments.settlement import SettlementService

LEASE: Final = timedelta(minutes=2)
"""How long a payment is left to the worker that asks about it."""

ASK_UNTIL: Final = timedelta(hours=48)
"""How long after its start an unpaid payment is asked about. A webhook is heard at any age."""

ASK_UNSENT_UNTIL: Final = timedelta(hours=1)
"""The same for one whose page never came: its call may still be under way, but not for long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentPollingService:
    """Finds out what became of unsettled payments."""

    database: Database
    clock: Clock
    settlement: SettlementService

    def ask_due(self, *, limit: int = 20, keep_going: KeepGoing = always) -> int:
        """Ask Paystack about unsettled payments, less and less often; tell how many."""
        return ItemRunner(self.database, self.clock).each_leased(
            "payments",
            lambda work, now: work.payments.take_to_ask(now=now, lasts=LEASE),
            self._ask_about,
            lambda lease, work, at: work.payments.ask_again(lease, at=at),
            limit=limit,
            keep_going=keep_going,
        )

    def _ask_about(self, lease: Lease) -> None:
        payment_id = PaymentId(lease.row_id)
        with self.database.reading() as work:
            payment = work.payments.get(payment_id)
        longest = timedelta(hours=1)
        try:
            self.settlement.settle(payment.reference)
        except PaymentGatewayUnavailable:
            longest = timedelta(minutes=1)
        now = self.clock.now()
        with self.database.writing() as work:
            payment = work.payments.get(payment_id)
            until = ASK_UNSENT_UNTIL if payment.authorization_url is None else ASK_UNTIL
            is_over = payment.ask_at is None or now - payment.started_at > until
            wait = retry_delay(payment.asked, longest=longest)
            work.payments.ask_again(lease, at=None if is_over else now + wait)
