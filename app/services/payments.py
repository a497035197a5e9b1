"""Paying: commit, call, commit."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import ChargeRefused, PaymentGatewayFenced, PaymentGatewayUnavailable
from app.domain.ids import EventId
from app.domain.ports import Clock, IdGenerator, PaymentGateway, WorkSignal
from app.domain.states import PaymentStatus
from app.models.orders import Order
from app.models.payments import Payment
from app.models.users import User
from app.repositories.unit_of_work import UnitOfWorkFactory
from app.services.orders import OrderPlacer
from app.services.settlement import Settlement, SettlementService

ASK_FIRST_AFTER: Final = timedelta(minutes=1)
"""When the provider is first asked about an open payment that no webhook settled."""

ASK_AFTER_SILENCE: Final = timedelta(seconds=15)
"""When it is asked about a payment whose opening it did not answer. Longer than a call may take."""


@dataclass(frozen=True, slots=True)
class Returns:
    """Where the provider sends the buyer's browser."""

    callback_url: str
    cancel_url: str


class PaymentService:
    """Starts payments and tells how they stand."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        ids: IdGenerator,
        gateway: PaymentGateway,
        orders: OrderPlacer,
        settlement: SettlementService,
        signal: WorkSignal,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._ids = ids
        self._gateway = gateway
        self._orders = orders
        self._settlement = settlement
        self._signal = signal

    def pay(self, *, buyer: User, event_id: EventId, quantity: int, returns: Returns) -> Settlement:
        """Hold places and open a page where the buyer pays for them; free ones are sold at once.

        Raises:
            EventNotFound: no event has this id.
            SalesClosed: the event has begun.
            SoldOut: fewer than ``quantity`` places are left.
            ChargeRefused: Paystack said no; the places are back on sale.
            PaymentGatewayUnavailable: Paystack did not answer. If it had been reached, the places
                stay held until it says what became of the payment.
        """
        now = self._clock.now()
        with self._unit_of_work() as work:
            order, listing = self._orders.place(
                work, buyer_id=buyer.id, event_id=event_id, quantity=quantity, now=now
            )
            payment = self._attempt(order, now=now)
            work.payments.add(payment)
            if order.total.is_free:
                tickets = self._orders.complete(work, order, now=now)
        if order.total.is_free:
            self._signal.wake()
            return Settlement(payment, order, tickets)

        try:
            charge = self._gateway.start_charge(
                reference=payment.reference,
                amount=payment.amount,
                email=buyer.email,
                callback_url=returns.callback_url,
                cancel_url=returns.cancel_url,
                description=listing.title,
            )
        except (ChargeRefused, PaymentGatewayFenced) as error:
            self._give_up(order, payment, reason=error.detail)
            raise
        except PaymentGatewayUnavailable:
            self._ask_soon(payment)
            raise

        with self._unit_of_work() as work:
            payment = work.payments.opened(
                payment.id,
                authorization_url=charge.authorization_url,
                ask_at=now + ASK_FIRST_AFTER,
            )
        if payment.is_settled:
            # A webhook was quicker than our own answer.
            return self._settlement.outcome(payment.reference)
        return Settlement(payment, order)

    def get(self, *, reference: str, buyer: User) -> Settlement:
        """How a payment of the buyer's stands, as far as is known without asking Paystack.

        Raises:
            PaymentNotFound: the buyer has no payment with this reference.
        """
        return self._settlement.outcome(reference, buyer_id=buyer.id)

    def _attempt(self, order: Order, *, now: datetime) -> Payment:
        is_free = order.total.is_free
        return Payment(
            order_id=order.id,
            reference=self._ids.payment_reference(),
            status=PaymentStatus.SUCCEEDED if is_free else PaymentStatus.STARTING,
            amount_minor=order.total_minor,
            currency=order.currency,
            authorization_url=None,
            transaction_id=None,
            fee_minor=None,
            reason=None,
            started_at=now,
            settled_at=now if is_free else None,
            # Only matters if this process dies before the provider's answer is stored.
            ask_at=None if is_free else now + ASK_FIRST_AFTER,
        )

    def _give_up(self, order: Order, payment: Payment, *, reason: str) -> None:
        """The provider has nothing under this reference and never will: free the places now."""
        now = self._clock.now()
        with self._unit_of_work() as work:
            work.payments.fail(payment, reason=reason, ask_at=None)
            self._orders.release(work, order, now=now)

    def _ask_soon(self, payment: Payment) -> None:
        with self._unit_of_work() as work:
            work.payments.ask_again(payment.id, at=self._clock.now() + ASK_AFTER_SILENCE)
