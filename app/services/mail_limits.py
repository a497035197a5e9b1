"""Keeping people from having others flooded with mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.domain.attempts import AttemptCounter, AttemptLimit, counter_key
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
        limit = AttemptLimit(free=self.most, window=self.within)
        counter = AttemptCounter(counter_key("mail", about), limit)
        wait = work.attempts.count([counter], now=now)
        if wait is not None:
            raise TooManyMails(wait)
