"""Corrections of what a buyer typed: names on tickets, and a guest's mistyped address."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.errors import (
    BuyerKeepsAddress,
    OrderNotPaid,
    OrderValueInvalid,
    TicketNotFound,
    TicketOutOfUse,
)
from app.domain.ids import EventId, OrderId, TicketId
from app.domain.permissions import Action
from app.domain.ports import Clock, IdGenerator, WorkSignal
from app.domain.states import OrderStatus, OutboxKind, TicketStatus
from app.domain.tickets.ticket_states import TicketState
from app.domain.tickets.tickets import Holder
from app.models.orders.orders import Order
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.messages import TICKETS_OF_ONE_ORDER
from app.services.tickets.ticket_versions import TicketVersions, state_now
from app.services.users.guests import Guest, guest_row

BY_CORRECTION: Final = "The buyer's address was corrected"
UNCHANGEABLE: Final = {
    TicketState.REFUNDED,
    TicketState.REVOKED,
    TicketState.EVENT_CANCELLED,
    TicketState.EVENT_OVER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionService:
    """Corrects orders for those who help holders. What was there before is noted on the order."""

    database: Database
    clock: Clock
    ids: IdGenerator
    versions: TicketVersions
    signal: WorkSignal

    def rename_attendee(
        self,
        *,
        event_id: EventId,
        organizer: User,
        order_id: OrderId,
        ticket_id: TicketId,
        name: str | None,
    ) -> None:
        """Put another name on a ticket; its codes stay. ``None``: that of its holder.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotFound: the event has no such order.
            TicketNotFound: the order has no such ticket.
            TicketOutOfUse: it was refunded or revoked, or the event is off or over.
            TooManyNotes: the order has as many notes as it may have.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            order = self._locked(work, event_id, organizer, order_id)
            ticket = next((t for t in work.tickets.of_order(order_id) if t.id == ticket_id), None)
            if ticket is None:
                raise TicketNotFound(ticket_id)
            state = state_now(ticket, work.events.get(event_id), now)
            if state in UNCHANGEABLE:
                raise TicketOutOfUse(ticket_id, state)
            before = ticket.attendee_name
            if before == name:
                return
            work.tickets.rename_attendee(ticket, name)
            told = f"the name was {before or '(none)'}, now {name or '(none)'}"
            note = f"Ticket {ticket.number}: {told}"
            work.order_notes.write(order, organizer.id, note, now=now)

    def move_to_address(
        self, *, event_id: EventId, organizer: User, order_id: OrderId, email: str
    ) -> None:
        """Give a guest's order to the guest of another address, which gets the tickets by mail.

        Links and codes that were sent to the old address end; it gets a mail that says so. Tickets
        that were transferred stay with their holders.

        Raises:
            EventNotFound: there is none, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotFound: the event has no such order.
            OrderNotPaid: it has no tickets.
            OrderValueInvalid: it is the order's address already.
            BuyerKeepsAddress: the order is an account's, or mail to the guest's address was read.
            AccountDisabled: an admin disabled the guest of the new address.
            TooManyMails: the order's tickets were mailed too often.
            TooManyNotes: the order has as many notes as it may have.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            # Behind its lock: who claims the address's orders waits, or has taken it already.
            order = self._locked(work, event_id, organizer, order_id)
            if order.status != OrderStatus.PAID:
                raise OrderNotPaid(order_id, order.status)
            before = work.users.get(order.buyer_id)
            if not before.is_guest or before.email_confirmed:
                raise BuyerKeepsAddress(order_id)
            guest = Guest(name=order.buyer_name or before.full_name or "", email=email)
            after = guest_row(work, guest, ids=self.ids, now=now)
            if after.id == before.id:
                raise OrderValueInvalid("email", "must differ from the order's address")
            TICKETS_OF_ONE_ORDER.count(work, f"tickets:{order_id}", now=now)
            for user_id in sorted((before.id, after.id)):
                # New orders of both wait, so that their places are counted rightly. An address that
                # is confirmed in this moment is seen.
                work.users.lock_against_orders(user_id)
            if before.email_confirmed or not before.is_guest:
                raise BuyerKeepsAddress(order_id)
            self._renew(work, order, before, after, by=organizer, now=now)
            work.orders.give(order, before.id, to=after.id, now=now)
            message = work.outbox.find(OutboxKind.TICKETS_ISSUED, order_id)
            if message is not None:
                work.outbox.send_again(message.id, now=now)
            work.outbox.enqueue_each(
                OutboxKind.ORDER_MOVED, order_id, [before.id], event_id=event_id, now=now
            )
            note = f"The address was {before.email}, now {after.email}"
            work.order_notes.write(order, organizer.id, note, now=now)
        self.signal.wake()

    def _renew(
        self, work: UnitOfWork, order: Order, before: User, after: User, *, by: User, now: datetime
    ) -> None:
        """Give tickets that still open the door new codes; the order's mail brings them."""
        own = [t for t in work.tickets.lock_of_order(order.id) if t.user_id == before.id]
        for ticket in own:
            if not _opens(ticket):
                continue
            self.versions.renew(
                work,
                ticket,
                holder=Holder(after.id, ticket.attendee_name),
                by=by.id,
                reason=BY_CORRECTION,
                only_unused=False,
                now=now,
            )
            work.outbox.skip(OutboxKind.TICKET_REISSUED, ticket.id)
        work.transfers.withdraw_of([ticket.id for ticket in own], now=now)

    @staticmethod
    def _locked(work: UnitOfWork, event_id: EventId, organizer: User, order_id: OrderId) -> Order:
        work.event_access.for_actor(organizer.actor, event_id, Action.HELP_HOLDERS)
        work.orders.get_of_event(order_id, event_id=event_id)
        return work.orders.lock(order_id)


def _opens(ticket: Ticket) -> bool:
    return ticket.status == TicketStatus.VALID and ticket.revoked_at is None
