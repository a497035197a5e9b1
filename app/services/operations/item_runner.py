"""The items of background jobs, each done alone: one that fails holds up no other."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

import structlog

from app.domain.errors import Busy, DatabaseUnavailable
from app.domain.operations.leases import Lease, LeaseLost
from app.domain.ports import Clock
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork

log = structlog.get_logger(__name__)

T = TypeVar("T")

KeepGoing = Callable[[], bool]
"""Whether a job may take another item; not when it is told to stop, or its time is over."""


def always() -> bool:
    return True


def itself(item: Any) -> int:
    """The key of items that are ids."""
    return int(item)


@dataclass(frozen=True, slots=True)
class ItemRunner:
    """Does the due items of a job one by one.

    One that raises is retried later with backoff, logged with its id when that is news, and counted
    by the health check until it works again or is not due any more; the next item goes on. Only
    when the database cannot even keep that, the job ends with the error.
    """

    database: Database
    clock: Clock

    def each(
        self,
        job: str,
        due: Callable[[UnitOfWork, int], Sequence[T]],
        act: Callable[[T], bool],
        *,
        limit: int,
        keep_going: KeepGoing,
        key: Callable[[T], int] = itself,
    ) -> int:
        """Do the first ``limit`` due items that no backoff delays; tell how many did something.

        Args:
            job: the job's name, in the logs as well.
            due: finds so many due items, the most urgent first.
            act: does one; tells whether there was something to do.
            limit: how many items at most.
            keep_going: asked before each item.
            key: the id an item is known by.
        """
        with self.database.reading() as work:
            items = due(work, limit)
            failed = work.failed_items.of_job(job) if items else {}
            put_off = {item_id for item_id, at in failed.items() if at > self.clock.now()}
            if put_off:
                items = due(work, limit + len(put_off))
        done = 0
        for item in [item for item in items if key(item) not in put_off][:limit]:
            if not keep_going():
                break
            with self._alone(job, key(item), had_failed=key(item) in failed):
                done += act(item)
        return done

    def each_leased(
        self,
        job: str,
        take: Callable[[UnitOfWork, datetime], Lease | None],
        act: Callable[[Lease], None],
        put_off: Callable[[Lease, UnitOfWork, datetime], None],
        *,
        limit: int,
        keep_going: KeepGoing,
    ) -> int:
        """Take and do one item after the other until none is due; tell how many.

        A lease lasts for one item, so a slow one never uses up the time of those behind it.

        Args:
            job: the job's name, in the logs as well.
            take: takes the next due item.
            act: does it, and stores what came of it under the lease.
            put_off: ends the lease of one that failed, and has it due again then.
            limit: how many items at most.
            keep_going: asked before each item.
        """
        failed: dict[int, datetime] | None = None
        for done in range(limit):
            if not keep_going():
                return done
            with self.database.writing() as work:
                lease = take(work, self.clock.now())
            if lease is None:
                return done
            if failed is None:
                with self.database.reading() as work:
                    failed = dict(work.failed_items.of_job(job))
            had_failed, again = lease.row_id in failed, partial(put_off, lease)
            try:
                with self._alone(job, lease.row_id, had_failed=had_failed, put_off=again):
                    act(lease)
            except LeaseLost:
                log.warning("lease lost", job=job, item=lease.row_id, token=lease.token)
        return limit

    @contextmanager
    def _alone(
        self,
        job: str,
        item_id: int,
        *,
        had_failed: bool,
        put_off: Callable[[UnitOfWork, datetime], None] | None = None,
    ) -> Iterator[None]:
        """Have the item tried again later if the block fails, but for a lease that is lost."""
        try:
            yield
        except LeaseLost:
            raise
        except Exception as error:
            self._put_off(job, item_id, error, put_off)
            return
        if had_failed:
            with self.database.writing() as work:
                work.failed_items.end(job, item_id)
            log.info("item works again", job=job, item=item_id)

    def _put_off(
        self,
        job: str,
        item_id: int,
        error: Exception,
        put_off: Callable[[UnitOfWork, datetime], None] | None,
    ) -> None:
        name = type(error).__name__
        with self.database.writing() as work:
            known = work.failed_items.error_of(job, item_id)
            failed = work.failed_items.put_off(job, item_id, error=name, now=self.clock.now())
            if put_off is not None:
                put_off(work, failed.retry_at)
        if known == name:
            return
        if isinstance(error, Busy | DatabaseUnavailable):
            log.warning("item put off", job=job, item=item_id, reason=error.detail)
        else:
            log.error("item failed", job=job, item=item_id, exc_info=error)
