"""What people see of refunds and disputes, and what they do about refunds that fail."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.errors import OrderNotFound, RefundNotFound, RefundNotStuck
from app.domain.ids import EventId, OrderId, OrganizationId, RefundId
from app.domain.paging import Cursor, Page
from app.domain.payments import ledger
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.domain.states import CLOSED_BY_PEOPLE, STUCK_REFUNDS, RefundState
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.payments.disputes import DisputeOfPayment
from app.repositories.payments.refund_listings import RefundListing
from app.repositories.unit_of_work import UnitOfWork
from app.services.payments.refunds import SEND_AGAIN_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundDeskService:
    """Shows refunds and disputes to whom they concern; repeats or closes refunds that got stuck."""

    database: Database
    clock: Clock
    signal: WorkSignal

    def of_order(self, *, caller: User, order_id: OrderId) -> Sequence[RefundListing]:
        """The refunds of an order, oldest first.

        Raises:
            OrderNotFound: it is neither the caller's nor of an organization of theirs.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.reading() as work:
            order = work.orders.get(order_id)
            if order.buyer_id != caller.id:
                work.event_access.for_actor(
                    caller.actor,
                    order.event_id,
                    Action.SEE_ORDERS,
                    otherwise=OrderNotFound(order_id),
                )
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
        """One page of the refunds of the caller's organizations, an admin's of all, newest first.

        ``None`` does not filter.

        Raises:
            OrganizationRoleMissing: the caller may see the money of no organization.
            EventNotFound: the event is not there, or is another organization's.
        """
        with self.database.reading() as work:
            return work.refund_listings.page(
                organizations=_whose_money(work, caller, event_id),
                event_id=event_id,
                state=state,
                after=after,
                limit=limit,
            )

    def disputes(
        self, *, caller: User, event_id: EventId | None, after: Cursor | None, limit: int
    ) -> Page[DisputeOfPayment]:
        """As ``page``, of disputes. They are answered on the provider's dashboard.

        Raises:
            OrganizationRoleMissing: the caller may see the money of no organization.
            EventNotFound: the event is not there, or is another organization's.
        """
        with self.database.reading() as work:
            return work.disputes.page(
                organizations=_whose_money(work, caller, event_id),
                event_id=event_id,
                after=after,
                limit=limit,
            )

    def retry(
        self, *, caller: User, refund_id: RefundId, reason: str | None = None
    ) -> RefundListing:
        """Send a failed refund once more; look again at one that needs attention.

        What the provider lists by then, as a refund made on its dashboard, is found first, so that
        nothing is paid back twice. The log of admins keeps the ``reason`` of one.

        Raises:
            RefundNotFound: there is none, or it is of another organization's event.
            OrganizationRoleMissing: the caller's role does not allow it.
            RefundNotStuck: it is on its way, or done.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            stuck = self._waiting(work, caller, refund_id, STUCK_REFUNDS)
            if stuck.refund.state == RefundState.NEEDS_ATTENTION:
                work.refunds.note_news(stuck.refund.payment_id, now=now)
            elif not work.refunds.send_again(refund_id, now=now, sent_by=now - SEND_AGAIN_AFTER):
                raise RefundNotStuck(refund_id, stuck.refund.state)
            listing = work.refund_listings.get(refund_id)
            about = About(AdminSubject.REFUND, refund_id, listing.buyer_id)
            kind = AdminActionKind.REFUND_RETRIED
            work.admin_actions.note_if_admin(caller.actor, kind, about, now=now, reason=reason)
        self.signal.wake()
        return listing

    def mark_done(self, *, caller: User, refund_id: RefundId, note: str) -> RefundListing:
        """Close a refund whose money went back by other means, as a bank transfer or in cash.

        Raises:
            RefundNotFound: there is none, or it is of another organization's event.
            OrganizationRoleMissing: the caller's role does not allow it.
            RefundNotStuck: it is on its way, or done.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            stuck = self._waiting(work, caller, refund_id, CLOSED_BY_PEOPLE)
            is_cash = stuck.refund.state == RefundState.TO_HAND_BACK
            minor = stuck.refund.amount_minor
            if not work.refunds.close(
                refund_id, now=now, done_by=caller.actor.name, done_note=note
            ):
                raise RefundNotStuck(refund_id, stuck.refund.state)
            work.ledger.post(
                f"refund-done:{refund_id}",
                ledger.cash_handed_back(minor=minor)
                if is_cash
                else ledger.refund_done_elsewhere(minor=minor),
                currency=stuck.refund.currency,
                event_id=stuck.event_id,
                now=now,
            )
            listing = work.refund_listings.get(refund_id)
            about = About(AdminSubject.REFUND, refund_id, listing.buyer_id)
            kind = AdminActionKind.REFUND_DONE
            work.admin_actions.note_if_admin(caller.actor, kind, about, now=now, reason=note)
            return listing

    @staticmethod
    def _waiting(
        work: UnitOfWork, caller: User, refund_id: RefundId, states: Collection[RefundState]
    ) -> RefundListing:
        listing = work.refund_listings.find(refund_id)
        if listing is None:
            raise RefundNotFound(refund_id)
        work.event_access.for_actor(
            caller.actor, listing.event_id, Action.REFUND, otherwise=RefundNotFound(refund_id)
        )
        if listing.refund.state not in states:
            raise RefundNotStuck(refund_id, listing.refund.state)
        return listing


def _whose_money(
    work: UnitOfWork, caller: User, event_id: EventId | None
) -> Sequence[OrganizationId] | None:
    """The organizations whose money the caller may see; ``None``: of all, as an admin.

    Raises:
        OrganizationRoleMissing: there is none.
        EventNotFound: the event that is asked for is not there, or is another organization's.
    """
    if event_id is not None:
        work.event_access.for_actor(caller.actor, event_id, Action.SEE_MONEY)
    return work.memberships.organizations_for(caller.actor, Action.SEE_MONEY)
