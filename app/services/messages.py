"""Messages: what we owe people in writing, sent from the outbox."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

import structlog

from app.domain.backoff import retry_delay
from app.domain.errors import MailerUnavailable, MailRejected, TicketingError
from app.domain.faults import FaultPoint, reach
from app.domain.ports import Clock, Mailer
from app.domain.states import OutboxKind
from app.models.outbox import OutboxMessage
from app.repositories.unit_of_work import UnitOfWorkFactory
from app.services.mails.writing import Compose

log = structlog.get_logger(__name__)

LEASE: Final = timedelta(minutes=5)
"""How long a batch is left to the worker that took it. Longer than the mail server may take."""

MOST_ATTEMPTS: Final = 12
"""With the waits between them, about a day."""

NOT_WRITTEN: Final = "The mail could not be written; the log has the mistake."


class MessageService:
    """Sends what the outbox holds: at least once each, and under one Message-ID."""

    def __init__(
        self,
        *,
        unit_of_work: UnitOfWorkFactory,
        clock: Clock,
        mailer: Mailer,
        composers: Mapping[OutboxKind, Compose],
    ) -> None:
        self._unit_of_work = unit_of_work
        self._clock = clock
        self._mailer = mailer
        self._composers = composers

    def send_due(self, *, limit: int = 20) -> int:
        """Send the messages whose turn it is; tell how many were tried."""
        now = self._clock.now()
        with self._unit_of_work(relaxed=True) as work:
            due = work.outbox.claim_due(now=now, until=now + LEASE, limit=limit)
        sent = [message.id for message in due if self._send(message)]
        if sent:
            reach(FaultPoint.MAIL_SENT)
            with self._unit_of_work(relaxed=True) as work:
                work.outbox.mark_sent(sent, now=self._clock.now())
        return len(due)

    def _send(self, message: OutboxMessage) -> bool:
        try:
            with self._unit_of_work(read_only=True) as work:
                mail = self._composers[message.kind](work, message)
        except TicketingError:
            raise  # the database is away: nothing can be sent now
        except Exception:
            # A mistake of ours in one mail must not hold up all the others.
            log.exception("mail not written", message=message.id)
            self._try_later(message, NOT_WRITTEN)
            return False
        if mail is None:
            with self._unit_of_work(relaxed=True) as work:
                work.outbox.drop(message.id)
            return False
        try:
            self._mailer.send(mail)
        except MailRejected as error:
            with self._unit_of_work() as work:
                work.outbox.bury(message.id, error=error.detail)
            return False
        except MailerUnavailable as error:
            self._try_later(message, error.detail)
            return False
        return True

    def _try_later(self, message: OutboxMessage, reason: str) -> None:
        with self._unit_of_work(relaxed=True) as work:
            if message.attempts >= MOST_ATTEMPTS:
                work.outbox.bury(message.id, error=reason)
                return
            wait = retry_delay(message.attempts, longest=timedelta(hours=4))
            work.outbox.retry(message.id, at=self._clock.now() + wait, error=reason)
