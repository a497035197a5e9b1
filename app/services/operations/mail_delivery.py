"""Messages: mails that are due, sent from the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import structlog

from app.domain.errors import MailerUnavailable, MailRejected, NotFound, TicketingError
from app.domain.operations.clocks import retry_delay
from app.domain.operations.faults import FaultPoint, reach
from app.domain.operations.leases import Lease
from app.domain.ports import Clock, Mail, Mailer
from app.domain.states import OutboxKind, OutboxStatus
from app.domain.users.names import is_of_deleted
from app.models.operations.outbox import OutboxMessage
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.mails.writing import Compose
from app.services.operations.item_runner import ItemRunner, KeepGoing, always
from app.services.operations.mail_limits import MailBudget

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=5)
"""How long a message is left to the worker that took it. Longer than any mail server may take."""

MOST_ATTEMPTS: Final = 12
"""With the waits between them, about a day."""

NOT_SENT: Final = "The mail could not be sent; the log has the mistake."
NOT_TO_DISABLED: Final = frozenset(
    {
        OutboxKind.PLACES_OFFERED,
        OutboxKind.WAIT_ENDED,
        OutboxKind.TRANSFER_OFFERED,
        OutboxKind.EVENT_REMINDER,
        OutboxKind.EVENT_MESSAGE,
        OutboxKind.PASSWORD_RESET,
        OutboxKind.SIGN_IN_LINK,
        OutboxKind.EMAIL_CONFIRMATION,
        OutboxKind.EXPORT_DONE,
    }
)
"""Mails that a disabled account does not get. It is still told about money, and about what becomes
of tickets and addresses it has."""

OVER_BUDGET: Final = "The address has got as many mails today as MAILS_PER_ADDRESS allows."
NOT_WRITTEN: Final = "The mail could not be written; the log has the mistake."


@dataclass(frozen=True, slots=True, kw_only=True)
class MailDeliveryService:
    """Sends what the outbox holds: at least once each, and under one Message-ID."""

    database: Database
    clock: Clock
    mailer: Mailer
    composers: Mapping[OutboxKind, Compose]
    budget: MailBudget

    def send_due(self, *, limit: int = 20, keep_going: KeepGoing = always) -> int:
        """Send the messages whose turn it is; tell how many were tried."""
        return ItemRunner(self.database, self.clock).each_leased(
            "messages",
            lambda work, now: work.outbox.take(now=now, lasts=LEASE),
            self._send,
            lambda lease, work, at: work.outbox.retry(lease, at=at, error=NOT_SENT),
            limit=limit,
            keep_going=keep_going,
        )

    def _send(self, lease: Lease) -> None:
        with self.database.reading() as work:
            message = work.outbox.get(lease.row_id)
        try:
            with self.database.reading() as work:
                mail = self.composers[message.kind](work, message)
                is_owed = mail is not None and _may_get(work, message.kind, mail.to)
        except NotFound:
            mail, is_owed = None, False  # what it is about was deleted
        except TicketingError:
            raise  # the database is away
        except Exception:
            # A mistake of ours in one mail must not hold up all the others.
            log.exception("mail not written", message=message.id)
            self._try_later(message, lease, NOT_WRITTEN)
            return
        if mail is None or not is_owed:
            with self.database.writing() as work:
                work.outbox.end(lease, OutboxStatus.DROPPED)
            return
        try:
            self._hand_over(mail, lease)
            if message.last_error is not None:
                log.info("mail sent after all", message=message.id, kind=message.kind)
        except MailRejected as error:
            with self.database.writing() as work:
                work.outbox.end(lease, OutboxStatus.DEAD, error=error.detail)
            _tell("mail given up", message, error.detail)
        except MailerUnavailable as error:
            with self.database.writing() as work:
                self.budget.request_refund(work, mail)
            self._try_later(message, lease, error.detail)

    def _hand_over(self, mail: Mail, lease: Lease) -> None:
        now = self.clock.now()
        with self.database.writing() as work:
            wait = self.budget.take(work, mail, now=now)
            if wait is not None:
                work.outbox.retry(lease, at=now + wait, error=OVER_BUDGET)
                return
            lease = work.outbox.renew(lease, now=now, lasts=LEASE)
        self.mailer.send(mail)
        reach(FaultPoint.MAIL_SENT)
        with self.database.writing() as work:
            work.outbox.end(lease, OutboxStatus.SENT, sent_at=self.clock.now())

    def _try_later(self, message: OutboxMessage, lease: Lease, reason: str) -> None:
        with self.database.writing() as work:
            is_over = message.attempts >= MOST_ATTEMPTS
            if is_over:
                work.outbox.end(lease, OutboxStatus.DEAD, error=reason)
            else:
                wait = retry_delay(message.attempts, longest=timedelta(hours=4))
                work.outbox.retry(lease, at=self.clock.now() + wait, error=reason)
        if is_over:
            _tell("mail given up", message, reason)
        elif message.last_error != reason[:300]:  # each try that fails alike is no news
            _tell("mail failed", message, reason)


def _may_get(work: UnitOfWork, kind: OutboxKind, address: str) -> bool:
    """Whether the reader of the address has a use for this mail: deleted accounts read none."""
    if is_of_deleted(address):
        return False
    user = work.users.find_by_email(address) if kind in NOT_TO_DISABLED else None
    return user is None or not user.is_disabled


def _tell(event: str, message: OutboxMessage, reason: str) -> None:
    log.warning(
        event, message=message.id, kind=message.kind, attempts=message.attempts, reason=reason
    )
