"""All that is known about one person, order, payment or ticket, for admins.

Every look at one is in the log of admins.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.errors import (
    AccountNotFound,
    OrderNotFound,
)
from app.domain.ids import OrderId, PaymentId, TicketId, UserId
from app.models.admins.actions import AdminAction
from app.models.events.events import Event
from app.models.orders.orders import Order
from app.models.payments.disputes import Dispute
from app.models.payments.payments import Payment
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.organizers.organizations import OrganizationListing
from app.repositories.payments.refund_listings import RefundListing
from app.services.admins.log import AdminLogService
from app.services.orders.event_orders import EventOrderDetail, event_order_detail

MOST_SHOWN = 20
"""Orders, organizations and actions of one person; the lists have the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRecord:
    """An account, the organizations it is in, its latest orders, and what admins did about it.

    ``two_step_since``: it signs in in two steps from then on; ``None``: in one.
    """

    user: User
    two_step_since: datetime | None
    organizations: Sequence[OrganizationListing]
    orders: Sequence[Order]
    actions: Sequence[AdminAction]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRecord:
    """An order with all that belongs to it, and its event."""

    found: EventOrderDetail
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecord:
    """A payment, its order, what goes back of it, and what a bank wants back."""

    payment: Payment
    order: Order
    buyer: User
    event: Event
    refunds: Sequence[RefundListing]
    disputes: Sequence[Dispute]


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketRecord:
    """A ticket, its holder and its order."""

    ticket: Ticket
    holder: User
    order: Order
    event: Event


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminRecordService:
    """Shows what is known. Every method raises ``RoleMissing`` where the caller is no admin."""

    database: Database
    log: AdminLogService

    def person(self, *, caller: User, user_id: UserId) -> PersonRecord:
        """An account or a guest.

        Raises:
            AccountNotFound: no account has this id.
        """
        caller.actor.ensure_admin()
        with self.database.reading() as work:
            user = work.users.find(user_id)
            if user is None:
                raise AccountNotFound(user_id)
            record = PersonRecord(
                user=user,
                two_step_since=work.two_step.enabled_at(user_id),
                organizations=work.organizations.page_of(
                    user_id, after=None, limit=MOST_SHOWN
                ).items,
                orders=work.orders.page(user_id, after=None, limit=MOST_SHOWN).items,
                actions=work.admin_actions.page(
                    actor=None, action=None, account_id=user_id, after=None, limit=MOST_SHOWN
                ).items,
            )
        self.log.note(caller.actor, AdminActionKind.SHOWN, About.account(user_id))
        return record

    def order(self, *, caller: User, order_id: OrderId) -> OrderRecord:
        """An order of whatever event.

        Raises:
            OrderNotFound: no order has this id.
        """
        caller.actor.ensure_admin()
        with self.database.reading() as work:
            order = work.orders.find_with_items(order_id)
            if order is None:
                raise OrderNotFound(order_id)
            found = event_order_detail(work, order)
            record = OrderRecord(found=found, event=work.events.get(order.event_id))
        about = About(AdminSubject.ORDER, order_id, order.buyer_id)
        self.log.note(caller.actor, AdminActionKind.SHOWN, about)
        return record

    def payment(self, *, caller: User, payment_id: PaymentId) -> PaymentRecord:
        """A payment of whatever order.

        Raises:
            PaymentNotFound: no payment has this id.
        """
        caller.actor.ensure_admin()
        with self.database.reading() as work:
            payment = work.payments.get(payment_id)
            order = work.orders.get(payment.order_id)
            refunds = work.refund_listings.of_order(order.id)
            record = PaymentRecord(
                payment=payment,
                order=order,
                buyer=work.users.get(order.buyer_id),
                event=work.events.get(payment.event_id),
                refunds=[each for each in refunds if each.refund.payment_id == payment_id],
                disputes=work.disputes.of_payment(payment_id),
            )
        about = About(AdminSubject.PAYMENT, payment_id, order.buyer_id)
        self.log.note(caller.actor, AdminActionKind.SHOWN, about)
        return record

    def ticket(self, *, caller: User, ticket_id: TicketId) -> TicketRecord:
        """A ticket of whatever event.

        Raises:
            TicketNotFound: no ticket has this id.
        """
        caller.actor.ensure_admin()
        with self.database.reading() as work:
            ticket = work.tickets.get(ticket_id)
            record = TicketRecord(
                ticket=ticket,
                holder=work.users.get(ticket.user_id),
                order=work.orders.get(ticket.order_id),
                event=work.events.get(ticket.event_id),
            )
        about = About(AdminSubject.TICKET, ticket_id, ticket.user_id)
        self.log.note(caller.actor, AdminActionKind.SHOWN, about)
        return record
