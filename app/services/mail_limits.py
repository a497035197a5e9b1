"""Keeping people from having others flooded with mail."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.errors import TooManyMails
from app.repositories.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class MailLimit:
    """How many mails of one kind may be asked for within a length of time."""

    most: int
    within: timedelta

    def count(self, work: UnitOfWork, about: str, *, now: datetime) -> None:
        """Count one more mail, for all workers together. A refused one is not counted.

        Args:
            work: the transaction that promises the mail.
            about: what the limit is for, such as an address.
            now: the present moment.

        Raises:
            TooManyMails: there were too many.
        """
        # Addresses that belong to nobody are counted too, and need not be kept.
        key = hashlib.sha256(f"mail:{about}".encode()).hexdigest()
        counted = work.users.count_attempt(key, now=now, window=self.within)
        wait = counted.wait(now=now, limit=self.most, window=self.within)
        if wait is not None:
            raise TooManyMails(wait)
