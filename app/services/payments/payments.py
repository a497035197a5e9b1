"""Paying: commit, call, commit."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from app.domain.errors import (
    ChargeRefused,
    LinkInvalid,
    OrderNotPending,
    PaymentGatewayFenced,
    PaymentGatewayUnavailable,
    SalesClosed,
)
from app.domain.ids import OrderId
from app.domain.operations.faults import FaultPoint, reach
from app.domain.ports import Clock, IdGenerator, LinkTokens, PaymentGateway, WorkSignal
from app.domain.states import OrderStatus, PaymentStatus
from app.models.orders.orders import Order
from app.models.payments.payments import Payment
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.idempotency import Progress
from app.services.orders.order_requests import OrderRequest
from app.services.orders.order_steps import PAYSTACK, OrderSteps
from app.services.orders.payment_attempts import ASK_FIRST_AFTER, begin_payment
from app.services.orders.unpaid_orders import find_unpaid
from app.services.payments.settlement import Settlement, SettlementService
from app.services.users.guests import Guest, guest_row

SHORTEST_HOLD: Final = timedelta(minutes=5)
"""How long places are kept at least from the start of an attempt to pay."""

LONGEST_HOLD: Final = timedelta(hours=1)
"""How long after they were taken places are kept at most by trying to pay again and again."""

ASK_AFTER_SILENCE: Final = timedelta(seconds=15)
"""When it is asked about a payment whose opening it did not answer. Longer than a call may take."""


@dataclass(frozen=True, slots=True)
class Returns:
    """Where the provider sends the buyer's browser: to the page of the payment.

    ``key`` is a secret that only the buyer's browser and the provider are told. The reference is
    none: it stands in receipts and is told to support.
    """

    callback_url: str

    def paid(self, key: str) -> str:
        """The address for after the payment; the provider adds the reference."""
        return f"{self.callback_url}?{urlencode({'key': key})}"

    def cancelled(self, key: str, reference: str) -> str:
        """The address for buyers who leave the payment; nothing is added to it."""
        query = urlencode({"cancelled": "true", "reference": reference, "key": key})
        return f"{self.callback_url}?{query}"


class PaymentService:
    """Starts payments and tells how they stand."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        ids: IdGenerator,
        gateway: PaymentGateway,
        links: LinkTokens,
        orders: OrderSteps,
        settlement: SettlementService,
        signal: WorkSignal,
    ) -> None:
        self._database = database
        self._clock = clock
        self._ids = ids
        self._gateway = gateway
        self._links = links
        self._orders = orders
        self._settlement = settlement
        self._signal = signal

    def pay(
        self,
        *,
        buyer: User,
        order_request: OrderRequest,
        returns: Returns,
        progress: Progress | None = None,
    ) -> Settlement:
        """Hold places and open a page where the buyer pays for them; free ones are sold at once.

        A buyer who asks for the same again, as after a refusal, pays for the order that waits.

        ``progress`` is what an earlier try of the same call had done: its order is paid then, and
        no second one placed.

        Raises:
            EventNotFound: and all else ``OrderSteps.place`` refuses.
            ChargeRefused: Paystack said no; the places are back on sale.
            PaymentGatewayUnavailable: Paystack did not answer. If it had been reached, the places
                stay held until it says what became of the payment.
        """
        if progress is not None and progress.order_id is not None:
            return self.pay_order(buyer=buyer, order_id=progress.order_id, returns=returns)
        now = self._clock.now()
        with self._database.reading() as work:
            known_id = find_unpaid(work, buyer_id=buyer.id, order_request=order_request, now=now)
        if known_id is not None:
            # Its hold may have ended in this very moment.
            with suppress(OrderNotPending):
                known = self.pay_order(buyer=buyer, order_id=known_id, returns=returns)
                if known.payment.status != PaymentStatus.SUCCEEDED:
                    return known
        return self._pay_new(
            lambda _: buyer,
            order_request=order_request,
            returns=returns,
            progress=progress,
            now=now,
        )

    def pay_as_guest(
        self,
        *,
        guest: Guest,
        order_request: OrderRequest,
        returns: Returns,
        progress: Progress | None = None,
    ) -> Settlement:
        """As ``pay``, for a buyer without an account.

        Anybody may type an address, so an order that waits already is not given to who asks for
        the same again: each request is an order of its own.

        Raises:
            AccountDisabled: an admin disabled the guest; and all else that ``pay`` refuses.
        """
        if progress is not None and progress.order_id is not None:
            with self._database.reading() as work:
                buyer = work.users.get(work.orders.get(progress.order_id).buyer_id)
            return self.pay_order(buyer=buyer, order_id=progress.order_id, returns=returns)
        now = self._clock.now()
        return self._pay_new(
            lambda work: guest_row(work, guest, ids=self._ids, now=now),
            order_request=order_request,
            returns=returns,
            progress=progress,
            now=now,
        )

    def _pay_new(
        self,
        buyer_in: Callable[[UnitOfWork], User],
        *,
        order_request: OrderRequest,
        returns: Returns,
        progress: Progress | None,
        now: datetime,
    ) -> Settlement:
        with self._database.writing() as work:
            buyer = buyer_in(work)
            order, terms, _ = self._orders.place(
                work, buyer=buyer, order_request=order_request, now=now
            )
            payment = begin_payment(work, order, ids=self._ids, now=now)
            tickets = self._orders.give_away(work, order, now=now)
            if progress is not None:
                work.idempotency.note_order(progress.row_id, order.id)
        if tickets:
            self._signal.wake()
            return Settlement(payment, order, tickets)
        try:
            return self._open(order, payment, buyer=buyer, title=terms.title, returns=returns)
        except (ChargeRefused, PaymentGatewayFenced) as error:
            # Nobody has anything under this reference and never will: free the places now.
            with self._database.writing() as work:
                self._orders.release(
                    work, order, now=self._clock.now(), actor=PAYSTACK, reason=error.detail[:300]
                )
                if progress is not None:
                    work.idempotency.note_order(progress.row_id, None)
            raise

    def pay_order(self, *, buyer: User, order_id: OrderId, returns: Returns) -> Settlement:
        """Pay for an order, or try again after an attempt failed.

        An attempt that can still be paid is given back as it is; each new one has a reference of
        its own, as a reference works once at Paystack.

        Raises:
            OrderNotFound: the buyer has no such order.
            OrderNotPending: it is paid, or its places were given up.
            SalesClosed: the event is over or was called off.
            ChargeRefused: Paystack said no; the places stay held until the order expires.
            PaymentGatewayUnavailable: Paystack did not answer; nothing new was begun, or as in
                ``pay``.
        """
        with self._database.reading() as work:
            work.orders.get_for(order_id, buyer_id=buyer.id)
            attempts = work.payments.of_order(order_id)
        for known in attempts:
            try:
                settlement = self._settlement.settle(known.reference)
            except PaymentGatewayUnavailable as error:
                raise error.about(order_id) from error
            if settlement.can_be_used:
                return settlement
        now = self._clock.now()
        with self._database.writing() as work:
            order = work.orders.lock(order_id)
            if order.status != OrderStatus.PENDING:
                raise OrderNotPending(order_id, order.status)
            event = work.events.get(order.event_id)
            is_over_at = event.schedule.is_over_at
            if event.cancelled_at is not None or now >= is_over_at:
                raise SalesClosed(event.id)
            latest = min(order.placed_at + LONGEST_HOLD, is_over_at)
            order.expires_at = max(order.expires_at, min(now + SHORTEST_HOLD, latest))
            payment = begin_payment(work, order, ids=self._ids, now=now)
            tickets = self._orders.give_away(work, order, now=now)
        if tickets:
            self._signal.wake()
            return Settlement(payment, order, tickets)
        try:
            return self._open(order, payment, buyer=buyer, title=event.title, returns=returns)
        except PaymentGatewayFenced as error:
            raise error.about(order_id) from error

    def _open(
        self, order: Order, payment: Payment, *, buyer: User, title: str, returns: Returns
    ) -> Settlement:
        """Call the provider between two commits."""
        reach(FaultPoint.CHARGE_UNSENT)
        key = self._links.issue(payment.link_subject)
        try:
            charge = self._gateway.start_charge(
                reference=payment.reference,
                amount=payment.amount,
                email=buyer.email,
                callback_url=returns.paid(key),
                cancel_url=returns.cancelled(key, payment.reference),
                description=title,
            )
        except (ChargeRefused, PaymentGatewayFenced) as error:
            with self._database.writing() as work:
                work.payments.fail(payment, reason=error.detail, ask_at=None)
            raise
        except PaymentGatewayUnavailable as error:
            self._ask_soon(payment)
            raise error.about(order.id) from error
        reach(FaultPoint.CHARGE_UNSTORED)
        with self._database.writing() as work:
            work.payments.opened(
                payment,
                authorization_url=charge.authorization_url,
                ask_at=self._clock.now() + ASK_FIRST_AFTER,
            )
        reach(FaultPoint.CHARGE_STORED)
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

    def is_keyed(self, payment: Payment, *, key: str) -> bool:
        """Tell whether ``key`` is the secret of the payment's own callback address."""
        try:
            self._links.ensure(key, payment.link_subject)
        except LinkInvalid:
            return False
        return True

    def _ask_soon(self, payment: Payment) -> None:
        with self._database.writing() as work:
            work.payments.ask_soon(payment.id, at=self._clock.now() + ASK_AFTER_SILENCE)
