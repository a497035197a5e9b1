"""Retention: what is not needed any more is deleted, some time after it ended."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.domain.ports import Clock
from app.repositories.database import Database
from app.repositories.operations.retention import RetentionRepository
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.item_runner import KeepGoing, always

log = structlog.get_logger(__name__)

CLEAN_UP_EVERY: Final = timedelta(hours=1)

FIRST_AFTER: Final = timedelta(minutes=1)
"""After the start: a shop that is started again each hour must come to it as well."""


class CleanUpService:
    """Runs the clean-up of each service, once an hour."""

    def __init__(self, *, clock: Clock, forget: Sequence[Callable[[], None]]) -> None:
        self._clock = clock
        self._forget = forget
        self._cleaned_up_at = clock.now() - CLEAN_UP_EVERY + FIRST_AFTER

    def run(self, *, keep_going: KeepGoing = always) -> int:
        """Delete what is old, if it is time; tell whether it was."""
        now = self._clock.now()
        if now - self._cleaned_up_at < CLEAN_UP_EVERY:
            return 0
        self._cleaned_up_at = now
        for forget in self._forget:
            if keep_going():
                with _alone(forget.__qualname__):
                    forget()
        return 1


@contextmanager
def _alone(what: str) -> Iterator[None]:
    try:
        yield
    except Exception:
        # One that fails leaves the others their turn; in an hour it has its own again.
        log.exception("clean-up failed", what=what)


DAY: Final = timedelta(days=1)
WEEK: Final = timedelta(days=7)


def _delete_requests(work: UnitOfWork, now: datetime) -> None:
    """Delete requests by mail with their messages, which are found by them."""
    work.outbox.forget_about_requests(ended_before=now - WEEK)
    work.account_requests.delete_ended(now - WEEK)


ENDED: Final[Mapping[str, Callable[[UnitOfWork, datetime], None]]] = {
    "refresh tokens": lambda work, now: work.sessions.delete_ended(now - WEEK),
    "counts of attempts": lambda work, now: work.attempts.delete_ended(now),
    "requests by mail": _delete_requests,
    "two-step secrets": lambda work, now: work.two_step.delete_ended(now - WEEK),
    "idempotency keys": lambda work, now: work.idempotency.forget_before(now - DAY),
    "failed items": lambda work, now: work.failed_items.forget(before=now - DAY),
}
"""What is deleted in one transaction each, soon after it ended."""

BATCH: Final = 500
"""Rows of one transaction, so that no sale waits for a clean-up."""

MOST_BATCHES: Final = 20
"""So many of each kind at a time; the rest goes next time."""

Deletion = Callable[[RetentionRepository], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """How long things are kept that are not needed any more."""

    webhooks: timedelta
    messages: timedelta
    logins: timedelta
    offers: timedelta
    admin_actions: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionService:
    """Deletes in small transactions what has been kept for long enough."""

    database: Database
    clock: Clock
    keep: Keep

    def delete_ended(self) -> None:
        """Delete what ended some time ago, each kind in a transaction of its own."""
        now = self.clock.now()
        for what, delete in ENDED.items():
            with _alone(what), self.database.writing() as work:
                delete(work, now)

    def clean_up(self) -> None:
        """Delete what is old. Orders, payments, tickets, scans and books are never."""
        now, keep = self.clock.now(), self.keep
        webhooks, messages = now - keep.webhooks, now - keep.messages
        logins, offers = now - keep.logins, now - keep.offers
        actions = now - keep.admin_actions
        deletions: tuple[Deletion, ...] = (
            lambda rows: rows.delete_webhooks(before=webhooks, limit=BATCH),
            lambda rows: rows.delete_messages(before=messages, limit=BATCH),
            lambda rows: rows.delete_logins(before=logins, limit=BATCH),
            lambda rows: rows.delete_transfers(before=offers, limit=BATCH),
            lambda rows: rows.delete_invitations(before=offers, limit=BATCH),
            lambda rows: rows.delete_waits(before=offers, limit=BATCH),
            lambda rows: rows.delete_notes(before=offers, limit=BATCH),
            lambda rows: rows.delete_holder_messages(before=offers, limit=BATCH),
            lambda rows: rows.delete_admin_actions(before=actions, limit=BATCH),
        )
        for deletion in deletions:
            self._delete_all(deletion)

    def _delete_all(self, deletion: Deletion) -> None:
        for _ in range(MOST_BATCHES):
            with self.database.writing() as work:
                deleted = deletion(work.retention)
            if deleted < BATCH:
                return
