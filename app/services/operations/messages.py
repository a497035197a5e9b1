"""The outbox, for those who ask what became of a mail and want it sent again."""

from datetime import timedelta
from typing import Final

from app.domain.errors import OrderNotFound, OrderNotPaid
from app.domain.ids import OrderId
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.domain.states import OrderStatus, OutboxKind, OutboxStatus
from app.models.operations.outbox import OutboxMessage
from app.models.users.users import User
from app.repositories.database import Database
from app.services.operations.mail_limits import MailLimit

TICKETS_OF_ONE_ORDER: Final = MailLimit(most=3, within=timedelta(hours=1))


class MessageService:
    """Shows messages and sends them again, without their words: some carry secret links."""

    def __init__(self, *, database: Database, clock: Clock, signal: WorkSignal) -> None:
        self._database = database
        self._clock = clock
        self._signal = signal

    def page(
        self,
        *,
        caller: User,
        status: OutboxStatus | None,
        kind: OutboxKind | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[OutboxMessage]:
        """One page of messages, the newest first; ``None`` does not filter.

        Raises:
            RoleMissing: the caller is no admin.
        """
        caller.actor.ensure_admin()
        with self._database.reading() as work:
            return work.outbox.page(status=status, kind=kind, after=after, limit=limit)

    def get(self, *, caller: User, message_id: int) -> OutboxMessage:
        """One message.

        Raises:
            RoleMissing: the caller is no admin.
            MessageNotFound: there is none of this id.
        """
        caller.actor.ensure_admin()
        with self._database.reading() as work:
            return work.outbox.get(message_id)

    def send_again(self, *, caller: User, message_id: int) -> OutboxMessage:
        """Make a message due now, whatever became of it.

        Raises:
            RoleMissing: the caller is no admin.
            MessageNotFound: there is none of this id.
        """
        caller.actor.ensure_admin()
        with self._database.writing() as work:
            message = work.outbox.send_again(message_id, now=self._clock.now())
        self._signal.wake()
        return message

    def send_tickets_again(self, *, caller: User, order_id: OrderId) -> None:
        """Mail the tickets of a paid order to its buyer again; those who help holders may, too.

        Raises:
            OrderNotFound: it is neither the caller's nor of an organization of theirs.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotPaid: it has no tickets.
            TooManyMails: this was asked for too often.
        """
        now = self._clock.now()
        with self._database.writing() as work:
            order = work.orders.find_locked(order_id)
            if order is None:
                raise OrderNotFound(order_id)
            if order.buyer_id != caller.id:
                work.event_access.for_actor(
                    caller.actor,
                    order.event_id,
                    Action.HELP_HOLDERS,
                    otherwise=OrderNotFound(order_id),
                )
            message = work.outbox.find(OutboxKind.TICKETS_ISSUED, order_id)
            if order.status != OrderStatus.PAID or message is None:
                raise OrderNotPaid(order_id, order.status)
            TICKETS_OF_ONE_ORDER.count(work, f"tickets:{order_id}", now=now)
            work.outbox.send_again(message.id, now=now)
        self._signal.wake()
