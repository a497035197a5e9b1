"""Paying: commit, call, commit."""

from collections.abc import Callable, Sequence
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
from app.domain.ids import OrderId, UserId
from app.domain.operations.faults import FaultPoint, reach
from app.domain.orders.order_requests import OrderRequest
from app.domain.ports import Clock, LinkTokens, PaymentGateway, WorkSignal
from app.domain.states import OrderStatus, PaymentStatus
from app.models.orders.orders import Order
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.idempotency import Progress
from app.services.orders.order_placement import ASK_FIRST_AFTER, OrderPlacement, requested_of
from app.services.orders.order_steps import PAYSTACK, OrderSteps
from app.services.payments.settlement import Settlement, SettlementService

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


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentService:
    """Starts payments and tells how they stand."""

    database: Database
    clock: Clock
    gateway: PaymentGateway
    links: LinkTokens
    placement: OrderPlacement
    orders: OrderSteps
    settlement: SettlementService
    signal: WorkSignal

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
            EventNotFound: and all else ``OrderPlacement.place`` refuses.
            ChargeRefused: Paystack said no; the places are back on sale.
            PaymentGatewayUnavailable: Paystack did not answer. If it had been reached, the places
                stay held until it says what became of the payment.
        """
        if progress is not None and progress.order_id is not None:
            return self.pay_order(buyer=buyer, order_id=progress.order_id, returns=returns)
        with self.database.reading() as work:
            known_id = _find_unpaid(
                work, buyer_id=buyer.id, order_request=order_request, now=self.clock.now()
            )
        if known_id is not None:
            # Its hold may have ended in this very moment.
            with suppress(OrderNotPending):
                known = self.pay_order(buyer=buyer, order_id=known_id, returns=returns)
                if known.payment.status != PaymentStatus.SUCCEEDED:
                    return known
        return self.pay_new(
            lambda _: buyer, order_request=order_request, returns=returns, progress=progress
        )

    def pay_new(
        self,
        buyer_in: Callable[[UnitOfWork], User],
        *,
        order_request: OrderRequest,
        returns: Returns,
        progress: Progress | None,
    ) -> Settlement:
        """As ``pay``, for the buyer that ``buyer_in`` finds or makes, whatever waits already."""
        now = self.clock.now()
        with self.database.writing() as work:
            buyer = buyer_in(work)
            order, terms, _ = self.placement.place(
                work, buyer=buyer, order_request=order_request, now=now
            )
            payment = self.placement.begin_payment(work, order, now=now)
            tickets = self._sell_if_free(work, order, now=now)
            if progress is not None:
                work.idempotency.note_order(progress.row_id, order.id)
        if tickets:
            self.signal.wake()
            return Settlement(payment, order, tickets)
        try:
            return self._open(order, payment, buyer=buyer, title=terms.title, returns=returns)
        except (ChargeRefused, PaymentGatewayFenced) as error:
            # Paystack knows no such reference and never will: free the places now.
            with self.database.writing() as work:
                self.orders.release(
                    work, order, now=self.clock.now(), actor=PAYSTACK, reason=error.detail[:300]
                )
                if progress is not None:
                    work.idempotency.note_order(progress.row_id, None)
            raise

    def pay_order(self, *, buyer: User, order_id: OrderId, returns: Returns) -> Settlement:
        """Pay for an order, or try again after an attempt failed.

        An attempt that can still be paid is returned as it is; each new one has a reference of
        its own, as a reference works once at Paystack.

        Raises:
            OrderNotFound: the buyer has no such order.
            OrderNotPending: it is paid, or its places were given up.
            SalesClosed: the event is over or was cancelled.
            ChargeRefused: Paystack said no; the places stay held until the order expires.
            PaymentGatewayUnavailable: Paystack did not answer; nothing new was begun, or as in
                ``pay``.
        """
        with self.database.reading() as work:
            work.orders.get_for(order_id, buyer_id=buyer.id)
            attempts = work.payments.of_order(order_id)
        for known in attempts:
            try:
                settlement = self.settlement.settle(known.reference)
            except PaymentGatewayUnavailable as error:
                raise error.about(order_id) from error
            if settlement.can_be_used:
                return settlement
        now = self.clock.now()
        with self.database.writing() as work:
            order = work.orders.lock(order_id)
            if order.status != OrderStatus.PENDING:
                raise OrderNotPending(order_id, order.status)
            event = work.events.get(order.event_id)
            is_over_at = event.schedule.is_over_at
            if event.cancelled_at is not None or now >= is_over_at:
                raise SalesClosed(event.id)
            latest = min(order.placed_at + LONGEST_HOLD, is_over_at)
            order.expires_at = max(order.expires_at, min(now + SHORTEST_HOLD, latest))
            payment = self.placement.begin_payment(work, order, now=now)
            tickets = self._sell_if_free(work, order, now=now)
        if tickets:
            self.signal.wake()
            return Settlement(payment, order, tickets)
        try:
            return self._open(order, payment, buyer=buyer, title=event.title, returns=returns)
        except PaymentGatewayFenced as error:
            raise error.about(order_id) from error

    def _sell_if_free(self, work: UnitOfWork, order: Order, *, now: datetime) -> Sequence[Ticket]:
        if not order.total.is_free:
            return ()
        return self.orders.complete(work, order, receipt=None, now=now)

    def _open(
        self, order: Order, payment: Payment, *, buyer: User, title: str, returns: Returns
    ) -> Settlement:
        """Call the provider between two commits."""
        reach(FaultPoint.CHARGE_UNSENT)
        key = self.links.issue(payment.link_subject)
        try:
            page = self.gateway.start_charge(
                reference=payment.reference,
                amount=payment.amount,
                email=buyer.email,
                callback_url=returns.paid(key),
                cancel_url=returns.cancelled(key, payment.reference),
                description=title,
            )
        except (ChargeRefused, PaymentGatewayFenced) as error:
            with self.database.writing() as work:
                work.payments.fail(payment, reason=error.detail, ask_at=None)
            raise
        except PaymentGatewayUnavailable as error:
            self._ask_soon(payment)
            raise error.about(order.id) from error
        reach(FaultPoint.CHARGE_UNSTORED)
        with self.database.writing() as work:
            work.payments.opened(
                payment,
                authorization_url=page,
                ask_at=self.clock.now() + ASK_FIRST_AFTER,
            )
        reach(FaultPoint.CHARGE_STORED)
        if payment.is_settled:
            # A webhook was quicker than our own answer.
            return self.settlement.outcome(payment.reference)
        return Settlement(payment, order)

    def get(self, *, reference: str, buyer: User) -> Settlement:
        """How a payment of the buyer's stands, as far as is known without asking Paystack.

        Raises:
            PaymentNotFound: the buyer has no payment with this reference.
        """
        return self.settlement.outcome(reference, buyer_id=buyer.id)

    def is_keyed(self, payment: Payment, *, key: str) -> bool:
        """Tell whether ``key`` is the secret of the payment's own callback address."""
        try:
            self.links.ensure(key, payment.link_subject)
        except LinkInvalid:
            return False
        return True

    def _ask_soon(self, payment: Payment) -> None:
        with self.database.writing() as work:
            work.payments.ask_soon(payment.id, at=self.clock.now() + ASK_AFTER_SILENCE)


def _find_unpaid(
    work: UnitOfWork, *, buyer_id: UserId, order_request: OrderRequest, now: datetime
) -> OrderId | None:
    """The buyer's newest unpaid order of the same request, if there is one.

    What the organizer changed since then changes nothing about that. Without one it is the newest
    of the same places, names and promo code, as an offer of the waiting list may be.

    Raises:
        EventNotFound: no event has this id; and all else ``requested_of`` refuses.
    """
    pending = work.orders.pending_of(order_request.event_id, buyer_id)
    if not pending:
        return None
    key = order_request.key
    asked_for = next((order.id for order in pending if order.request_key == key), None)
    if asked_for is not None:
        return asked_for
    types, schedule = work.ticket_types.on_offer(order_request.event_id, even_paused=True)
    wanted = [
        (item.ticket_type_id, item.quantity, list(item.attendees))
        for _, item in requested_of(order_request, types, schedule=schedule, now=now)
    ]
    promo = (
        work.promo_codes.find(order_request.event_id, order_request.promo_code)
        if order_request.promo_code
        else None
    )
    if promo is None and order_request.promo_code is not None:
        return None
    promo_code_id = promo.id if promo else None
    same = (o.id for o in pending if _held(o) == wanted and o.promo_code_id == promo_code_id)
    return next(same, None)


def _held(order: Order) -> list[tuple[int, int, list[str]]]:
    return [(item.ticket_type_id, item.quantity, item.attendees) for item in order.items]
