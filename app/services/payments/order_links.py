"""Orders by their unguessable links, and what the reader of one may do without a login."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.errors import (
    AccountDisabled,
    LinkInvalid,
    OrderNotPending,
    TicketNotFound,
    TransferNotFound,
)
from app.domain.ids import OrderId, TicketId, TransferId
from app.domain.ports import Clock, LinkTokens
from app.domain.states import OrderStatus
from app.models.orders.orders import Order
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.orders import OrderService
from app.services.payments.payments import PaymentService, Returns
from app.services.payments.refund_requests import RefundRequestService
from app.services.payments.settlement import Settlement
from app.services.tickets.transfers import TransferService


@dataclass(frozen=True, slots=True)
class FoundOrder:
    order: Order
    buyer: User
    is_mailed: bool
    """The link came by mail: who has it reads mail at the address the buyer had then."""
    may_change: bool
    """Whether the link also cancels the order, transfers tickets and refunds them.

    It does for guests, who cannot log in, and for an account that got a guest's order and still has
    the guest's address. Other links of accounts only pay: old ones lie in mails to addresses that
    the account has left.
    """


@dataclass(frozen=True, slots=True)
class OrderLinks:
    """Makes and reads the secrets of links to orders."""

    links: LinkTokens

    def at_checkout(self, order: Order) -> str:
        """The secret for who has just placed the order, and need not read mail at its address."""
        return self.links.issue(order.checkout_subject)

    def find(self, work: UnitOfWork, token: str) -> FoundOrder:
        """The order of a link.

        Raises:
            LinkInvalid: it is not one of ours.
        """
        order = work.orders.find(OrderId(self.links.row_id_in(token)))
        if order is None:
            raise LinkInvalid
        buyer, is_mailed = work.users.get(order.buyer_id), self._is_mailed(token, order)
        # Anyone makes a guest of the account's new address: that alone shows nothing.
        is_at_guests = (
            order.buyer_name is not None
            and buyer.had_address(order.links_since)
            and work.users.find_guest(buyer.email) is not None
        )
        return FoundOrder(order, buyer, is_mailed, may_change=is_at_guests)

    def _is_mailed(self, token: str, order: Order) -> bool:
        try:
            self.links.ensure(token, order.link_subject)
        except LinkInvalid:
            self.links.ensure(token, order.checkout_subject)
            return False
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLinkService:
    """Does in a buyer's name what the reader of the link to their order asks for.

    The link is the proof: no login, no cookie. Using one that came by mail shows that the
    guest's address belongs to the caller.
    """

    database: Database
    clock: Clock
    links: OrderLinks
    payments: PaymentService
    orders: OrderService
    refunds: RefundRequestService
    transfers: TransferService

    def pay(self, *, token: str, returns: Returns) -> Settlement:
        """Pay for the order, or try again; anyone who has the link may.

        Raises:
            LinkInvalid: it is not one of ours.
            OrderNotPending: and all else ``PaymentService.pay_order`` refuses.
        """
        found = self._use(token)
        if found.order.status not in (OrderStatus.PENDING, OrderStatus.PAID):
            # Its page at Paystack may be open still; money paid there would go back.
            raise OrderNotPending(found.order.id, found.order.status)
        return self.payments.pay_order(buyer=found.buyer, order_id=found.order.id, returns=returns)

    def cancel(self, *, token: str) -> None:
        """Give an unpaid order up; its places go back on sale.

        Raises:
            LinkInvalid: it is not one of ours, or of an account's order.
            OrderNotPending: and all else ``OrderService.cancel`` refuses.
        """
        found = self._use_to_change(token)
        self.orders.cancel(buyer_id=found.buyer.id, order_id=found.order.id)

    def refund(self, *, token: str, ticket_ids: Sequence[TicketId] | None) -> None:
        """Refund some tickets of the order, or with ``None`` all that are left.

        Raises:
            LinkInvalid: it is not one of ours, or of an account's order.
            RefundTooLate: and all else ``RefundRequestService.request_refund`` refuses.
        """
        found = self._use_to_change(token)
        self.refunds.request_refund(
            order_id=found.order.id, caller=found.buyer, ticket_ids=ticket_ids, as_buyer=True
        )

    def offer(self, *, token: str, ticket_id: TicketId, email: str, name: str | None) -> None:
        """Offer a ticket of the order to the reader of ``email``.

        Raises:
            LinkInvalid: it is not one of ours, or of an account's order.
            TicketNotFound: and all else ``TransferService.offer`` refuses.
        """
        found = self._use_to_change(token)
        with self.database.reading() as work:
            ticket = work.tickets.get(ticket_id)
        if ticket.order_id != found.order.id:
            raise TicketNotFound(ticket_id)
        self.transfers.offer(ticket_id=ticket_id, giver=found.buyer, email=email, name=name)

    def withdraw(self, *, token: str, transfer_id: TransferId) -> None:
        """Take an offer of a ticket back that is not accepted yet.

        Raises:
            LinkInvalid: it is not one of ours, or of an account's order.
            TransferNotFound: there is no open one of this id and order.
        """
        found = self._use_to_change(token)
        with self.database.reading() as work:
            transfer = work.transfers.find(transfer_id)
            ticket = None if transfer is None else work.tickets.get(transfer.ticket_id)
        if ticket is None or ticket.order_id != found.order.id:
            raise TransferNotFound(transfer_id)
        self.transfers.withdraw(transfer_id=transfer_id, giver_id=found.buyer.id)

    def _use_to_change(self, token: str) -> FoundOrder:
        found = self._use(token)
        if not found.may_change:
            raise LinkInvalid
        return found

    def _use(self, token: str) -> FoundOrder:
        with self.database.reading() as work:
            found = self.links.find(work, token)
        if found.buyer.is_disabled:
            raise AccountDisabled
        if found.is_mailed and found.buyer.is_guest and not found.buyer.email_confirmed:
            self._confirm(found)
        return found

    def _confirm(self, found: FoundOrder) -> None:
        with self.database.writing() as work:
            guest = work.users.lock(found.buyer.id)
            if guest.is_guest and not guest.email_confirmed:
                guest.email_confirmed_at = self.clock.now()
                guest.full_name = found.order.buyer_name or guest.full_name
