"""Leases: the right of one worker to act on one row until a moment."""

from dataclasses import dataclass
from datetime import datetime


class LeaseLost(Exception):
    """The lease has run out, or another worker has a newer one: nothing may be done under it."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One worker's right to act on a row; the row comes back to the others after ``until``.

    ``token`` is the fencing token: each lease of a row has a higher one than the lease before. Who
    acts outside renews the lease right before, and what comes of it is stored under the token only,
    so a worker that was away for longer than its lease changes nothing any more.
    """

    row_id: int
    token: int
    until: datetime

    def ensure_holds(self, now: datetime) -> None:
        """Refuse once the time is over.

        Raises:
            LeaseLost: it is.
        """
        if now >= self.until:
            raise LeaseLost
