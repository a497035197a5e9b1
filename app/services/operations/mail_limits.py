"""Keeping people from having others flooded with mail."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import TooManyMails
from app.domain.ports import Mail, MailBudgetName
from app.domain.text import address_key
from app.domain.users.attempts import AttemptCounter, AttemptLimit, counter_key
from app.repositories.unit_of_work import UnitOfWork

BUDGET_WINDOW: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MailBudget:
    """How many mails of one budget an address gets a day from all senders together."""

    most: int

    def take(self, work: UnitOfWork, mail: Mail, *, now: datetime) -> timedelta | None:
        """Count one mail to its address; ``None``: it may go. Otherwise how long it has to wait."""
        if mail.budget is None:
            return None
        return work.attempts.count([self._counter(mail, mail.budget)], now=now)

    def request_refund(self, work: UnitOfWork, mail: Mail) -> None:
        """Take back what was counted for a mail that could not be sent."""
        if mail.budget is not None:
            work.attempts.succeeded([self._counter(mail, mail.budget)])

    def _counter(self, mail: Mail, budget: MailBudgetName) -> AttemptCounter:
        limit = AttemptLimit(free=self.most, window=BUDGET_WINDOW)
        return AttemptCounter(counter_key(budget, address_key(mail.to)), limit)


@dataclass(frozen=True, slots=True)
class MailLimit:
    """How many mails of one kind may be asked for within a length of time."""

    most: int
    within: timedelta

    def count(self, work: UnitOfWork, about: str, *, now: datetime) -> None:
        """Count one more mail, for all workers together. A refused one is not counted.

        Args:
            work: the transaction that counts.
            about: what the limit is for, such as an address.
            now: the present moment.

        Raises:
            TooManyMails: there were too many.
        """
        limit = AttemptLimit(free=self.most, window=self.within)
        counter = AttemptCounter(counter_key("mail", about), limit)
        work.attempts.count_or_refuse([counter], TooManyMails, now=now)
