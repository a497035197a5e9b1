"""Orders, as their buyers see and change them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.errors import OrderNotPending
from app.domain.ids import EventId, OrderId, UserId
from app.domain.orders.order_requests import OrderRequest
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.domain.states import OrderStatus
from app.models.orders.orders import Order, OrderChange
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.payments.refund_listings import RefundListing
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.holds import Settle
from app.services.orders.order_placement import OrderPlacement, buyer_actor
from app.services.orders.order_steps import OrderSteps

BY_ORGANIZER: Final = "released by the organizer"
BY_ADMIN: Final = "released by an admin"


@dataclass(frozen=True, slots=True)
class OrderDetail:
    order: Order
    payments: Sequence[Payment] = ()
    tickets: Sequence[Ticket] = ()
    refunds: Sequence[RefundListing] = ()
    history: Sequence[OrderChange] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderService:
    """Places orders without paying yet, shows them, and gives them up."""

    database: Database
    clock: Clock
    placement: OrderPlacement
    orders: OrderSteps
    settle: Settle
    signal: WorkSignal

    def place(self, *, buyer: User, order_request: OrderRequest) -> OrderDetail:
        """Hold places to be paid for later; those that cost nothing are sold at once.

        Raises:
            EventNotFound: and all else ``OrderPlacement.place`` refuses.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            order, _, step = self.placement.place(
                work, buyer=buyer, order_request=order_request, now=now
            )
            if order.total.is_free:
                self.placement.begin_payment(work, order, now=now)
                self.orders.complete(work, order, receipt=None, now=now)
                detail = detail_of(work, order)
            else:
                # Nothing else belongs to an order that was just placed, so nothing is asked.
                detail = OrderDetail(order, history=(step,))
        if order.total.is_free:
            # Only a sale leaves work behind: there is a mail to send.
            self.signal.wake()
        return detail

    def get(self, *, buyer_id: UserId, order_id: OrderId) -> OrderDetail:
        """An order of the buyer's.

        Raises:
            OrderNotFound: there is none, or it is another buyer's.
        """
        with self.database.reading() as work:
            return detail_of(work, work.orders.get_for(order_id, buyer_id=buyer_id))

    def page(self, *, buyer_id: UserId, after: Cursor | None, limit: int) -> Page[Order]:
        """One page of the buyer's orders, the newest first."""
        with self.database.reading() as work:
            return work.orders.page(buyer_id, after=after, limit=limit)

    def release(self, *, event_id: EventId, organizer: User, order_id: OrderId) -> OrderDetail:
        """Put the places of a pending order back on sale, as its buyer could by ``cancel``.

        Raises:
            EventNotFound: there is none, or it is another organizer's.
            OrderNotFound: the event has no such order.
            OrderNotPending: it is paid, perhaps in this very moment, or its hold has ended.
            PaymentGatewayUnavailable: Paystack cannot say whether it was paid; try again.
        """
        with self.database.reading() as work:
            work.event_access.for_actor(organizer.actor, event_id, Action.CHANGE_ORDERS)
            work.orders.get_of_event(order_id, event_id=event_id)
        return self._give_up(order_id, actor=f"user:{organizer.id}", reason=BY_ORGANIZER)

    def release_any(self, *, caller: User, order_id: OrderId, reason: str) -> OrderDetail:
        """As ``release``, of whatever event, by an admin; the log of admins keeps the reason.

        Raises:
            RoleMissing: the caller is no admin.
            OrderNotFound: no order has this id.
            OrderNotPending: it is paid, perhaps in this very moment, or its hold has ended.
            PaymentGatewayUnavailable: Paystack cannot say whether it was paid; try again.
        """
        caller.actor.ensure_admin()
        with self.database.reading() as work:
            work.orders.get(order_id)

        def note(work: UnitOfWork, order: Order) -> None:
            about = About(AdminSubject.ORDER, order_id, order.buyer_id)
            kind = AdminActionKind.HOLD_RELEASED
            work.admin_actions.note(caller.actor, kind, about, now=self.clock.now(), reason=reason)

        return self._give_up(order_id, actor=caller.actor.name, reason=BY_ADMIN, also=note)

    def cancel(self, *, buyer_id: UserId, order_id: OrderId) -> OrderDetail:
        """Give a pending order up; a cancelled one stays as it is.

        Paystack is asked first, so that an order that was just paid is not given up. Money that
        arrives later all the same goes back.

        Raises:
            OrderNotFound: there is none, or it is another buyer's.
            OrderNotPending: it is paid, perhaps in this very moment, or its hold has ended.
            PaymentGatewayUnavailable: Paystack cannot say whether it was paid; try again.
        """
        with self.database.reading() as work:
            order = work.orders.get_for(order_id, buyer_id=buyer_id)
            if order.status == OrderStatus.CANCELLED:
                return detail_of(work, order)
        return self._give_up(order_id, actor=buyer_actor(buyer_id))

    def _give_up(
        self,
        order_id: OrderId,
        *,
        actor: str,
        reason: str | None = None,
        also: Callable[[UnitOfWork, Order], None] | None = None,
    ) -> OrderDetail:
        with self.database.reading() as work:
            unsettled = work.payments.unsettled_of(order_id)
        for payment in unsettled:
            self.settle(payment.reference)
        with self.database.writing() as work:
            order = work.orders.lock(order_id)
            if not self.orders.release(
                work,
                order,
                now=self.clock.now(),
                to=OrderStatus.CANCELLED,
                actor=actor,
                reason=reason,
            ):
                raise OrderNotPending(order_id, order.status)
            if also is not None:
                also(work, order)
            detail = detail_of(work, order)
        self.signal.wake()
        return detail


def detail_of(work: UnitOfWork, order: Order) -> OrderDetail:
    return OrderDetail(
        order=order,
        payments=work.payments.of_order(order.id),
        tickets=work.tickets.of_order(order.id),
        refunds=work.refund_listings.of_order(order.id),
        history=work.orders.history(order.id),
    )
