"""What people see of refunds, and what they do about those that fail."""

from collections.abc import Sequence

from app.domain.errors import OrderNotFound, RefundNotFound, RefundNotStuck, RoleMissing
from app.domain.ids import EventId, OrderId, RefundId
from app.domain.paging import Cursor, Page
from app.domain.payments import ledger
from app.domain.ports import Clock, WorkSignal
from app.domain.states import STUCK_REFUNDS, RefundState, Role
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.payments.refund_listings import RefundListing
from app.repositories.unit_of_work import UnitOfWork
from app.services.payments.refunds import SEND_AGAIN_AFTER


class RefundDeskService:
    """Shows refunds to buyers, organizers and admins; repeats or closes those that got stuck."""

    def __init__(self, *, database: Database, clock: Clock, signal: WorkSignal) -> None:
        self._database = database
        self._clock = clock
        self._signal = signal

    def of_order(self, *, caller: User, order_id: OrderId) -> Sequence[RefundListing]:
        """The refunds of an order, oldest first.

        Raises:
            OrderNotFound: it is neither the caller's nor of an event of theirs.
        """
        with self._database.reading() as work:
            order = work.orders.find(order_id)
            if order is None:
                raise OrderNotFound(order_id)
            event = work.events.get(order.event_id)
            if order.buyer_id != caller.id and not caller.actor.may_manage(event):
                raise OrderNotFound(order_id)
            return work.refund_listings.of_order(order_id)

    def page(
        self,
        *,
        caller: User,
        event_id: EventId | None,
        state: RefundState | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[RefundListing]:
        """One page of the refunds of the caller's events, an admin's of all; the newest first.

        ``None`` does not filter.

        Raises:
            RoleMissing: the caller is neither organizer nor admin.
            EventNotFound: the event is not there, or is another organizer's.
        """
        if not caller.actor.is_admin and caller.actor.role != Role.ORGANIZER:
            raise RoleMissing(Role.ORGANIZER)
        with self._database.reading() as work:
            if event_id is not None:
                work.events.managed_by(caller.actor, event_id)
            organizer_id = None if caller.actor.is_admin else caller.id
            return work.refund_listings.page(
                organizer_id=organizer_id,
                event_id=event_id,
                state=state,
                after=after,
                limit=limit,
            )

    def retry(self, *, caller: User, refund_id: RefundId) -> RefundListing:
        """Send a failed refund once more; look again at one that needs attention.

        What the provider lists by then, as a refund made on its dashboard, is found first, so that
        nothing is paid back twice.

        Raises:
            RefundNotFound: there is none, or it is of another organizer's event.
            RefundNotStuck: it is on its way, or done.
        """
        now = self._clock.now()
        with self._database.writing() as work:
            stuck = self._stuck(work, caller, refund_id)
            if stuck.refund.state == RefundState.NEEDS_ATTENTION:
                work.refunds.note_news(stuck.refund.payment_id, now=now)
            elif not work.refunds.send_again(refund_id, now=now, sent_by=now - SEND_AGAIN_AFTER):
                raise RefundNotStuck(refund_id, stuck.refund.state)
            listing = work.refund_listings.get(refund_id)
        self._signal.wake()
        return listing

    def mark_done(self, *, caller: User, refund_id: RefundId, note: str) -> RefundListing:
        """Close a refund whose money went back by other means, as a bank transfer.

        Raises:
            RefundNotFound: there is none, or it is of another organizer's event.
            RefundNotStuck: it is on its way, or done.
        """
        now = self._clock.now()
        with self._database.writing() as work:
            stuck = self._stuck(work, caller, refund_id)
            if not work.refunds.close(
                refund_id, now=now, done_by=caller.actor.name, done_note=note
            ):
                raise RefundNotStuck(refund_id, stuck.refund.state)
            work.ledger.post(
                f"refund-done:{refund_id}",
                ledger.refund_done_elsewhere(minor=stuck.refund.amount_minor),
                currency=stuck.refund.currency,
                event_id=stuck.event_id,
                now=now,
            )
            return work.refund_listings.get(refund_id)

    @staticmethod
    def _stuck(work: UnitOfWork, caller: User, refund_id: RefundId) -> RefundListing:
        listing = work.refund_listings.find(refund_id)
        if listing is None or not caller.actor.may_manage(work.events.get(listing.event_id)):
            raise RefundNotFound(refund_id)
        if listing.refund.state not in STUCK_REFUNDS:
            raise RefundNotStuck(refund_id, listing.refund.state)
        return listing
