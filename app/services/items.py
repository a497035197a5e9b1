"""The items of background jobs, each done alone."""

from collections.abc import Callable

import structlog

from app.domain.leases import Lease, LeaseLost

log = structlog.get_logger(__name__)


def each_leased(
    job: str, take: Callable[[], Lease | None], act: Callable[[Lease], None], *, limit: int
) -> int:
    """Take and do one item after the other until none is due; tell how many.

    A lease lasts for one item, so a slow one never uses up the time of those behind it.

    Args:
        job: the job's name in the logs.
        take: takes the next due item; its transaction is over when it returns.
        act: does it, and stores what came of it under the lease.
        limit: how many at most.
    """
    for done in range(limit):
        lease = take()
        if lease is None:
            return done
        try:
            act(lease)
        except LeaseLost:
            log.warning("lease lost", job=job, item=lease.row_id, token=lease.token)
    return limit
