"""Retention: what is not needed any more is deleted, some time after it ended."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.ports import Clock
from app.repositories.database import Database
from app.repositories.operations.retention import RetentionRepository

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
