"""What needs a person, and what only admins can do about it."""

from dataclasses import dataclass

from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.admins.attention import AttentionItem
from app.domain.errors import DisputeNotLost
from app.domain.ids import PaymentId, RefundId
from app.domain.paging import Cursor, Page
from app.domain.ports import Clock
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.payments.disputes import DisputeOfPayment
from app.repositories.payments.refund_listings import RefundListing
from app.services.payments.refund_desk import RefundDeskService
from app.services.payments.settlement import Settlement, SettlementService


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionService:
    """Lists what needs a person. Its methods raise ``RoleMissing`` but for admins."""

    database: Database
    clock: Clock
    settlement: SettlementService
    refund_desk: RefundDeskService

    def page(self, *, caller: User, after: Cursor | None, limit: int) -> Page[AttentionItem]:
        """One page of what needs a person, what waits longest first."""
        caller.actor.ensure_admin()
        with self.database.reading() as work:
            return work.attention.page(now=self.clock.now(), after=after, limit=limit)

    def retry_refund(self, *, caller: User, refund_id: RefundId, reason: str) -> RefundListing:
        """As ``RefundDeskService.retry``, of whatever event."""
        caller.actor.ensure_admin()
        return self.refund_desk.retry(caller=caller, refund_id=refund_id, reason=reason)

    def mark_refund_done(self, *, caller: User, refund_id: RefundId, reason: str) -> RefundListing:
        """As ``RefundDeskService.mark_done``, of whatever event; the reason is its note."""
        caller.actor.ensure_admin()
        return self.refund_desk.mark_done(caller=caller, refund_id=refund_id, note=reason)

    def close_dispute(self, *, caller: User, dispute_id: int, reason: str) -> DisputeOfPayment:
        """Note that nothing is left to do about a dispute that is over.

        Raises:
            DisputeNotFound: there is none of this id.
            DisputeNotLost: it is not resolved, or was closed before.
        """
        caller.actor.ensure_admin()
        now = self.clock.now()
        with self.database.writing() as work:
            found = work.disputes.get(dispute_id)
            if not work.disputes.close(dispute_id, now=now):
                raise DisputeNotLost(dispute_id)
            buyer_id = work.orders.get(found.order_id).buyer_id
            about = About(AdminSubject.DISPUTE, dispute_id, buyer_id)
            kind = AdminActionKind.DISPUTE_CLOSED
            work.admin_actions.note(caller.actor, kind, about, now=now, reason=reason)
            return found

    def check_payment(self, *, caller: User, payment_id: PaymentId, reason: str) -> Settlement:
        """Ask Paystack what became of a payment, and sell or return accordingly.

        The log has it before Paystack is asked: it may not answer.

        Raises:
            PaymentNotFound: no payment has this id.
            PaymentGatewayUnavailable: Paystack does not answer; nothing was changed.
        """
        caller.actor.ensure_admin()
        with self.database.writing() as work:
            payment = work.payments.get(payment_id)
            buyer_id = work.orders.get(payment.order_id).buyer_id
            about = About(AdminSubject.PAYMENT, payment_id, buyer_id)
            kind = AdminActionKind.PAYMENT_CHECKED
            work.admin_actions.note(caller.actor, kind, about, now=self.clock.now(), reason=reason)
        return self.settlement.look_up(payment.reference)
