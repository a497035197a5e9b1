"""Keeping people from guessing promo codes."""

from datetime import datetime, timedelta
from typing import Final

from app.domain.attempts import AttemptCounter, AttemptLimit, counter_key
from app.domain.errors import TooManyPromoCodes
from app.domain.ids import UserId
from app.repositories.unit_of_work import UnitOfWork, UnitOfWorkFactory

WRONG_CODES: Final = AttemptLimit(free=10, window=timedelta(minutes=15))


class PromoGuesses:
    """Counts wrong codes per buyer, for all workers together."""

    def __init__(self, *, unit_of_work: UnitOfWorkFactory) -> None:
        self._unit_of_work = unit_of_work

    def ensure_may_try(self, work: UnitOfWork, buyer_id: UserId, *, now: datetime) -> None:
        """Refuse a buyer who has tried too many wrong codes.

        Raises:
            TooManyPromoCodes: ten within a quarter of an hour.
        """
        wait = work.attempts.pause(_counter(buyer_id), now=now)
        if wait is not None:
            raise TooManyPromoCodes(wait)

    def count_wrong(self, buyer_id: UserId, *, now: datetime) -> None:
        """Count a wrong code, in a transaction of its own."""
        with self._unit_of_work() as work:
            work.attempts.count([_counter(buyer_id)], now=now)


def _counter(buyer_id: UserId) -> AttemptCounter:
    return AttemptCounter(counter_key("promo", buyer_id), WRONG_CODES)
