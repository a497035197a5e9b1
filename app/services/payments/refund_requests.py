"""Refund requests: of buyers and organizers, what a refund frees, and what it costs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import (
    OrderNotFound,
    OrderNotPaid,
    PaidInCash,
    RefundTooLate,
    TicketNotRefundable,
)
from app.domain.ids import OrderId, TicketId, UserId
from app.domain.payments.refund_notes import EVENT_CANCELLED
from app.domain.payments.refund_shares import refund_shares
from app.domain.permissions import Action, Rights
from app.domain.ports import Clock, WorkSignal
from app.domain.states import OrderKind, OrderStatus, OutboxKind, TicketStatus
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.payments.payments import Refund
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.orders.order_steps import CLOCK
from app.services.payments.money_refunds import note_refund, recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequestService:
    """Takes tickets back and records the refund, all in one transaction.

    The money goes back to the buyer, later, by ``RefundService``; nothing here waits for
    Paystack. Who holds a ticket that was transferred loses it, and is told by a mail of their own.
    """

    database: Database
    clock: Clock
    signal: WorkSignal

    def request_refund(
        self,
        *,
        order_id: OrderId,
        caller: User,
        ticket_ids: Sequence[TicketId] | None = None,
        reason: str | None = None,
        as_buyer: bool = False,
    ) -> Refund:
        """Refund some tickets of a paid order, or all that are left of it.

        A ticket returns what was paid for it, less its share of money that went back while it
        stayed valid; all together at most what is left of the payment when a bank took a part.

        The organizer may at any time; the buyer until as many hours before the start as the event
        allows, and only tickets that are still theirs. One that is on offer is: refunding
        it ends the offer. Used tickets are refunded only when their event is cancelled. An order
        paid in cash is refunded by the organizer alone, who says when the money was handed back.

        Args:
            order_id: the order.
            caller: who asks.
            ticket_ids: the tickets; ``None``: all that can be refunded.
            reason: what the record of the refund says.
            as_buyer: whether an organizer, too, may only do what any buyer may. So it is where a
                link speaks for the caller: anyone can type an organizer's address at checkout.

        Raises:
            OrderNotFound: it is neither the caller's nor of an organization of theirs.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotPaid: there is nothing to refund.
            PaidInCash: the buyer asks, and the organizer took the money.
            TicketNotRefundable: a ticket is not of this order, used, refunded before, or was
                transferred, and the caller is not the organizer.
            RefundTooLate: the event allows buyers no refund now.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            order = work.orders.lock(order_id)
            event, rights = work.event_access.with_rights(caller.actor, order.event_id)
            if as_buyer:
                rights = Rights()
            tickets = work.tickets.lock_of_order(order_id)
            holder_id = None if _ensure_may(order, event, caller, rights, now=now) else caller.id
            is_cancelled = event.cancelled_at is not None
            tickets = _wanted(tickets, ticket_ids, holder_id=holder_id, used_too=is_cancelled)
            actor = caller.actor.name
            refund = self._take_back(
                work, order, tickets, reason=reason or "", actor=actor, now=now
            )
            if not as_buyer:
                note_refund(work, caller, order, refund, now=now)
        self.signal.wake()
        return refund

    def refund_cancelled(self, *, limit: int = 20, keep_going: KeepGoing = always) -> int:
        """Refund orders of cancelled events, a few at a time; tell how many."""
        return ItemRunner(self.database, self.clock).each(
            "cancelled events",
            lambda work, most: work.refunds.due_for_cancelled(limit=most),
            self._refund_cancelled,
            limit=limit,
            keep_going=keep_going,
        )

    def _refund_cancelled(self, order_id: OrderId) -> bool:
        now = self.clock.now()
        with self.database.writing() as work:
            order = work.orders.lock(order_id)
            tickets = work.tickets.lock_of_order(order_id)
            tickets = [ticket for ticket in tickets if ticket.status == TicketStatus.VALID]
            if order.status != OrderStatus.PAID or not tickets:
                return False
            self._take_back(work, order, tickets, reason=EVENT_CANCELLED, actor=CLOCK, now=now)
        return True

    @staticmethod
    def _take_back(
        work: UnitOfWork,
        order: Order,
        tickets: Sequence[Ticket],
        *,
        reason: str,
        actor: str,
        now: datetime,
    ) -> Refund:
        payment = work.refunds.lock_paid(order.id)
        left = [ticket.left_minor for ticket in tickets]
        # Of a disputed payment, a bank may have taken more than is left of the other tickets.
        minor = min(sum(left), work.refunds.left_of(order.id))
        refund = recorded(work, order, payment, minor=minor, reason=reason, actor=actor, now=now)
        if refund is None:
            raise ValueError("the payment was not locked")
        shares = refund_shares(minor, left, currency=order.currency)
        valid = [t for t in work.tickets.of_order(order.id) if t.status == TicketStatus.VALID]
        is_whole = {ticket.id for ticket in valid} == {ticket.id for ticket in tickets}
        if is_whole and order.promo_code_id is not None:
            # The code before the types, as when they are held: no deadlock.
            work.promo_codes.unuse(order.promo_code_id)
        by_type = sorted(zip(tickets, shares, strict=True), key=lambda each: each[0].ticket_type_id)
        for ticket, share in by_type:
            ticket.status, ticket.refund_id = TicketStatus.VOID, refund.id
            ticket.refunded_minor = (ticket.refunded_minor or 0) + share
            work.ticket_types.unsell(ticket.ticket_type_id, 1)
        work.events.unsell(order.event_id, len(tickets))
        work.buyer_places.give_up(order.event_id, order.buyer_id, len(tickets))
        work.transfers.withdraw_of([ticket.id for ticket in tickets], now=now)
        others = {ticket.user_id for ticket in tickets} - {order.buyer_id}
        for addressee_id in (0, *sorted(others)):
            work.outbox.enqueue(
                OutboxKind.TICKETS_REFUNDED,
                refund.id,
                event_id=order.event_id,
                addressee_id=addressee_id,
                now=now,
            )
        if is_whole:
            work.orders.move(
                order,
                from_=OrderStatus.PAID,
                to=OrderStatus.REFUNDED,
                actor=actor,
                now=now,
                reason=reason or None,
            )
        return refund


def _ensure_may(order: Order, event: Event, caller: User, rights: Rights, *, now: datetime) -> bool:
    """Refuse a caller without the right to refund now; tell whether it is the organizer's side."""
    is_organizer = rights.may(Action.REFUND)
    if order.buyer_id != caller.id:
        rights.ensure(Action.REFUND, OrderNotFound(order.id))
    if order.status != OrderStatus.PAID:
        raise OrderNotPaid(order.id, order.status)
    if is_organizer:
        return True
    if order.kind == OrderKind.CASH:
        raise PaidInCash(order.id)
    if event.refund_hours is None:
        raise RefundTooLate(order.id, None)
    until = event.starts_at - timedelta(hours=event.refund_hours)
    if now > until:
        raise RefundTooLate(order.id, until)
    return False


def _wanted(
    tickets: Sequence[Ticket],
    ids: Sequence[TicketId] | None,
    *,
    holder_id: UserId | None,
    used_too: bool,
) -> Sequence[Ticket]:
    """The tickets to refund: those named, or all that can be; ``holder_id``: of this person."""
    of_order = {ticket.id: ticket for ticket in tickets}
    why_not = {
        ticket.id: _why_not(ticket, holder_id=holder_id, used_too=used_too) for ticket in tickets
    }
    if ids is None:
        ids = [ticket_id for ticket_id, reason in why_not.items() if reason is None]
    if not ids:
        raise TicketNotRefundable(None)
    for ticket_id in ids:
        if reason := why_not.get(ticket_id, "is not of this order"):
            raise TicketNotRefundable(ticket_id, reason)
    return [of_order[ticket_id] for ticket_id in dict.fromkeys(ids)]


def _why_not(ticket: Ticket, *, holder_id: UserId | None, used_too: bool) -> str | None:
    if ticket.status != TicketStatus.VALID:
        return "was refunded before"
    if holder_id is not None and ticket.user_id != holder_id:
        return "was transferred: only the organizer refunds it"
    if ticket.is_used and not used_too:
        return "was used: undo its check-in first"
    return None
