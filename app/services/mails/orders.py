from dataclasses import dataclass
from zoneinfo import ZoneInfo

from app.domain.ids import OrderId, PaymentId, RefundId, UserId, WaitingEntryId
from app.domain.money import Money
from app.domain.orders.waiting import WORDS
from app.domain.ports import Mail
from app.domain.states import (
    STUCK_REFUNDS,
    OrderKind,
    OrderStatus,
    PaymentStatus,
    RefundState,
    WaitingState,
)
from app.models.operations.outbox import OutboxMessage
from app.models.payments.payments import Refund
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import MailWriter, budget_of, called


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderMails:
    writer: MailWriter

    def payment_returned(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """The money arrived, was of no use, and goes back."""
        return self._about_refund(work, message)

    def tickets_refunded(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """Tickets were refunded: to the buyer, and to each holder who got one from them."""
        if message.addressee_id:
            return self._to_holder(work, message)
        return self._about_refund(work, message)

    def money_refunded(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """Money went back, and the tickets stay valid."""
        listing = work.refund_listings.get(RefundId(message.subject_id))
        paid_minor = work.payments.get(listing.refund.payment_id).amount_minor
        return self._about_refund(
            work,
            message,
            is_all=listing.refund.amount_minor == paid_minor,
            is_rest=not work.refunds.left_after(listing.refund, listing.order_id),
        )

    def payment_failed(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """The payment was declined, and the order still waits for one."""
        payment = work.payments.get(PaymentId(message.subject_id))
        order = work.orders.get(payment.order_id)
        if payment.status != PaymentStatus.FAILED or order.status != OrderStatus.PENDING:
            return None
        buyer = work.users.get(order.buyer_id)
        event = work.events.get(order.event_id)
        return self.writer.write_to(
            work,
            message,
            buyer,
            order,
            buyer=called(buyer, order),
            event=event.title,
            amount=payment.amount,
            reason=payment.reason,
            order_id=order.id,
            # Paystack is asked further as long as the buyer can pay on the same page.
            link=self.writer.order_link(order)
            if order.buyer_name is not None or not payment.ask_at
            else payment.authorization_url or self.writer.order_link(order),
            until=order.expires_at.astimezone(ZoneInfo(event.time_zone)),
            reference=payment.reference,
        )

    def order_moved(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """To the address that an order was sent to by mistake."""
        order = work.orders.get(OrderId(message.subject_id))
        addressee = work.users.get(UserId(message.addressee_id))
        return self.writer.write_to(
            work,
            message,
            addressee,
            event=work.events.get(order.event_id).title,
            order_id=order.id,
        )

    def places_offered(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        """To the first in line: places are held for them."""
        order = work.orders.get(OrderId(message.subject_id))
        buyer = work.users.get(order.buyer_id)
        event = work.events.get(order.event_id)
        return self.writer.write_to(
            work,
            message,
            buyer,
            order,
            buyer=called(buyer, order),
            event=event.title,
            quantity=order.quantity,
            total=None if order.total.is_free else order.total,
            order_id=order.id,
            link=self.writer.order_link(order),
            until=order.expires_at.astimezone(ZoneInfo(event.time_zone)),
        )

    def wait_asked(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To a guest: a link that gets them into the line."""
        entry = work.waiting.get(WaitingEntryId(message.subject_id))
        if entry.state != WaitingState.UNCONFIRMED:
            return None
        user = work.users.get(entry.user_id)
        return self.writer.write_to(
            work,
            message,
            user,
            buyer=entry.buyer_name,
            event=work.events.get(entry.event_id).title,
            quantity=entry.quantity,
            link=f"{self.writer.public_url}/w/{self.writer.links.issue(entry.link_subject)}",
        )

    def wait_ended(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """The places of an entry of a waiting list cannot be offered any more."""
        entry = work.waiting.get(WaitingEntryId(message.subject_id))
        if entry.ended_because is None:
            return None
        user = work.users.get(entry.user_id)
        return self.writer.write_to(
            work,
            message,
            user,
            buyer=entry.buyer_name or called(user),
            event=work.events.get(entry.event_id).title,
            quantity=entry.quantity,
            why=WORDS[entry.ended_because],
        )

    def refund_stuck(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the organizer: money of a buyer could not be paid back."""
        listing = work.refund_listings.get(RefundId(message.subject_id))
        event = work.events.get(listing.event_id)
        organizer = work.memberships.first_owner(event.organization_id)
        if listing.refund.state not in STUCK_REFUNDS or organizer is None:
            return None
        return self.writer.write_to(
            work,
            message,
            organizer,
            budget=None,
            organizer=called(organizer),
            buyer=called(work.users.get(listing.buyer_id), work.orders.get(listing.order_id)),
            event=event.title,
            amount=listing.refund.amount,
            order_id=listing.order_id,
            refund_id=listing.refund.id,
            reference=listing.reference,
            needs_attention=listing.refund.state == RefundState.NEEDS_ATTENTION,
            error=listing.refund.last_error,
        )

    def refund_delayed(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the buyer, who was told that money comes back: it could not be paid back yet."""
        if work.refunds.get(RefundId(message.subject_id)).state not in STUCK_REFUNDS:
            return None
        return self._about_refund(work, message)

    def payment_disputed(self, work: UnitOfWork, message: OutboxMessage) -> Mail | None:
        """To the organizer: a buyer's bank wants money back, and waits for an answer."""
        found = work.disputes.get(message.subject_id)
        dispute, event = found.dispute, work.events.get(found.event_id)
        organizer = work.memberships.first_owner(event.organization_id)
        if dispute.resolved_at is not None or organizer is None:
            return None
        amount = dispute.amount_minor
        return self.writer.write_to(
            work,
            message,
            organizer,
            budget=None,
            organizer=called(organizer),
            event=event.title,
            amount=None if amount is None else Money(amount, found.currency),
            order_id=found.order_id,
            reference=found.reference,
            until=dispute.due_at and dispute.due_at.astimezone(ZoneInfo(event.time_zone)),
        )

    def _to_holder(self, work: UnitOfWork, message: OutboxMessage) -> Mail:
        refund = work.refunds.get(RefundId(message.subject_id))
        order_id = work.payments.get(refund.payment_id).order_id
        holder = work.users.get(UserId(message.addressee_id))
        lost = [
            ticket
            for ticket in work.tickets.of_order(order_id)
            if ticket.refund_id == refund.id and ticket.user_id == holder.id
        ]
        return self.writer.write_to(
            work,
            message,
            holder,
            name="ticket_taken_back",
            budget=budget_of(work.orders.get(order_id), is_free=refund.amount.is_free),
            holder=called(holder),
            event=work.events.get(lost[0].event_id).title,
            quantity=len(lost),
            reason=refund.reason,
            amount=_owed(refund),
        )

    def _about_refund(
        self,
        work: UnitOfWork,
        message: OutboxMessage,
        *,
        is_all: bool = False,
        is_rest: bool = False,
    ) -> Mail:
        listing = work.refund_listings.get(RefundId(message.subject_id))
        buyer, order = work.users.get(listing.buyer_id), work.orders.get(listing.order_id)
        # Organizers can refund money alone in parts as small, and as often, as they like.
        is_like_free = listing.refund.amount.is_free or listing.keeps_tickets
        return self.writer.write_to(
            work,
            message,
            buyer,
            order,
            budget=budget_of(order, is_free=is_like_free),
            buyer=called(buyer, order),
            event=work.events.get(listing.event_id).title,
            amount=_owed(listing.refund),
            reference=listing.reference,
            order_id=listing.order_id,
            stuck=listing.refund.state in STUCK_REFUNDS,
            in_cash=listing.order_kind == OrderKind.CASH,
            is_refunded=order.status == OrderStatus.REFUNDED,
            reason=listing.refund.reason,
            tickets=[
                {"id": each.id, "type": each.ticket_type, "attendee": each.attendee_name}
                for each in work.refund_listings.tickets_of(listing.refund.id)
            ],
            is_all=is_all,
            is_rest=is_rest,
        )


def _owed(refund: Refund) -> Money | None:
    """The money that goes back; ``None``: the tickets had cost nothing."""
    return None if refund.amount.is_free else refund.amount
