from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, func, select

from app.domain.operations.clocks import retry_delay
from app.models.operations.failed_items import FailedItem
from app.repositories.base import Repository

LONGEST_DELAY: Final = timedelta(hours=1)

STALE_AFTER: Final = timedelta(hours=1)
"""When an item counts no more whose next try did not come: it is not due any more."""


class FailedItemRepository(Repository):
    """Items of background jobs that failed, by job and by the id of the row they are."""

    def of_job(self, job: str) -> Mapping[int, datetime]:
        """The job's failed items, each with the moment of its next try."""
        rows = self._db.execute(
            select(FailedItem.item_id, FailedItem.retry_at).where(FailedItem.job == job)
        )
        return {row.item_id: row.retry_at for row in rows}

    def error_of(self, job: str, item_id: int) -> str | None:
        """The error the item failed with last; ``None``: it did not fail."""
        failed = self._db.get(FailedItem, (job, item_id))
        return None if failed is None else failed.error

    def put_off(self, job: str, item_id: int, *, error: str, now: datetime) -> FailedItem:
        """Note that the item failed, and when to try it again: each time later, at most an hour."""
        insertion = self._insert(FailedItem).values(
            job=job, item_id=item_id, error=error[:100], tries=1, failed_at=now, retry_at=now
        )
        counted = insertion.on_conflict_do_update(
            index_elements=["job", "item_id"],
            set_={"error": insertion.excluded.error, "tries": FailedItem.tries + 1},
        )
        failed: FailedItem = self._db.scalars(
            counted.returning(FailedItem), execution_options={"populate_existing": True}
        ).one()
        failed.retry_at = now + retry_delay(failed.tries, longest=LONGEST_DELAY)
        return failed

    def end(self, job: str, item_id: int) -> None:
        """The item works again."""
        self._db.execute(
            delete(FailedItem).where(FailedItem.job == job, FailedItem.item_id == item_id)
        )

    def count(self, now: datetime) -> int:
        """How many items are put off now."""
        waiting = select(func.count()).where(FailedItem.retry_at > now - STALE_AFTER)
        return int(self._db.scalar(waiting) or 0)

    def forget(self, *, before: datetime) -> None:
        """Delete what was to be tried again before then and was not: it is not due any more."""
        self._db.execute(delete(FailedItem).where(FailedItem.retry_at < before))
