"""The outbox, for those who ask what became of a mail and want it sent again."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.admins.actions import About, AdminActionKind, AdminSubject
from app.domain.admins.searches import Quoted
from app.domain.errors import MessageNotDead, OrderNotFound, OrderNotPaid
from app.domain.ids import OrderId
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.domain.ports import Clock, WorkSignal
from app.domain.states import OrderStatus, OutboxKind, OutboxStatus
from app.models.operations.outbox import OutboxMessage
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.mail_limits import MailLimit

TICKETS_OF_ONE_ORDER: Final = MailLimit(most=3, within=timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageService:
    """Shows messages and sends them again, without their words: some carry secret links."""

    database: Database
    clock: Clock
    signal: WorkSignal

    def page(
        self,
        *,
        caller: User,
        status: OutboxStatus | None,
        kind: OutboxKind | None,
        after: Cursor | None,
        limit: int,
        words: str | None = None,
    ) -> Page[OutboxMessage]:
        """One page of messages, the newest first; ``None`` does not filter.

        ``words``: the number of a message, or the name or address of who got it. A search for a
        person is kept in the log of admins.

        Raises:
            RoleMissing: the caller is no admin.
        """
        caller.actor.ensure_admin()
        quoted = None if words is None else Quoted(words)
        if quoted is not None:
            with self.database.writing() as work:
                did, now = AdminActionKind.SEARCHED, self.clock.now()
                work.admin_actions.note(
                    caller.actor, did, now=now, words=quoted.key, detail="mails"
                )
        with self.database.reading() as work:
            among = None if quoted is None else work.admin_searches.mail_ids(quoted)
            return work.outbox.page(status=status, kind=kind, after=after, limit=limit, among=among)

    def get(self, *, caller: User, message_id: int) -> OutboxMessage:
        """One message.

        Raises:
            RoleMissing: the caller is no admin.
            MessageNotFound: there is none of this id.
        """
        caller.actor.ensure_admin()
        with self.database.writing() as work:
            message = work.outbox.get(message_id)
            _note(work, AdminActionKind.SHOWN, message, caller, now=self.clock.now())
            return message

    def send_again(
        self, *, caller: User, message_id: int, reason: str | None = None
    ) -> OutboxMessage:
        """Make a message due now, whatever became of it.

        Raises:
            RoleMissing: the caller is no admin.
            MessageNotFound: there is none of this id.
        """
        caller.actor.ensure_admin()
        now = self.clock.now()
        with self.database.writing() as work:
            message = work.outbox.send_again(message_id, now=now)
            _note(work, AdminActionKind.MAIL_RESENT, message, caller, now=now, reason=reason)
        self.signal.wake()
        return message

    def drop(self, *, caller: User, message_id: int, reason: str) -> OutboxMessage:
        """End a message that was given up and is not needed any more.

        Raises:
            RoleMissing: the caller is no admin.
            MessageNotFound: there is none of this id.
            MessageNotDead: it was sent, or is still tried.
        """
        caller.actor.ensure_admin()
        now = self.clock.now()
        with self.database.writing() as work:
            message = work.outbox.get(message_id)
            if not work.outbox.drop_dead(message_id):
                raise MessageNotDead(message_id, message.status)
            _note(work, AdminActionKind.MAIL_DROPPED, message, caller, now=now, reason=reason)
            return work.outbox.get(message_id)

    def send_tickets_again(self, *, caller: User, order_id: OrderId) -> None:
        """Mail the tickets of a paid order to its buyer again; those who help holders may, too.

        Raises:
            OrderNotFound: it is neither the caller's nor of an organization of theirs.
            OrganizationRoleMissing: the caller's role there does not allow it.
            OrderNotPaid: it has no tickets.
            TooManyMails: this was asked for too often.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            order = work.orders.lock(order_id)
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
        self.signal.wake()


def _note(
    work: UnitOfWork,
    kind: AdminActionKind,
    message: OutboxMessage,
    caller: User,
    *,
    now: datetime,
    reason: str | None = None,
) -> None:
    about, detail = About(AdminSubject.MAIL, message.id), str(message.kind)
    work.admin_actions.note(caller.actor, kind, about, now=now, detail=detail, reason=reason)
