"""Keeping people from guessing codes: of promotions, of hidden ticket types, of tickets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import TooMany, TooManyGuesses, TooManyPromoCodes
from app.domain.ids import EventId, UserId
from app.domain.users.attempts import AttemptCounter, AttemptLimit, ClientAddress, counter_key
from app.repositories.unit_of_work import UnitOfWork

QUARTER: Final = timedelta(minutes=15)
SECOND: Final = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeKind:
    """Codes of one kind, and how many wrong ones may be tried."""

    purpose: str
    of_caller: AttemptLimit
    """By one account or scanner device, for all events."""
    of_address: AttemptLimit
    """From one client address; see ``ClientAddress.counters``."""
    of_event: AttemptLimit
    """By all together for one event. Its pauses are short: strangers can use it up."""
    refusal: Callable[[timedelta], TooMany]

    def counters(
        self, caller: UserId | str | None, event_id: EventId, client: ClientAddress
    ) -> list[AttemptCounter]:
        """Under what a wrong code of this caller is counted; ``None`` without a login."""
        of_caller = [] if caller is None else [counter_key(self.purpose, caller)]
        return [
            *(AttemptCounter(key, self.of_caller) for key in of_caller),
            AttemptCounter(counter_key(self.purpose, "event", event_id), self.of_event),
            *client.counters(self.purpose, self.of_address),
        ]

    def ensure_may_try(
        self, work: UnitOfWork, counters: list[AttemptCounter], *, now: datetime
    ) -> None:
        """Refuse the next code, right or wrong, while there is a pause.

        Raises:
            TooMany: the refusal of this kind.
        """
        waits = [work.attempts.pause(counter, now=now) for counter in counters]
        wait = max((wait for wait in waits if wait is not None), default=None)
        if wait is not None:
            raise self.refusal(wait)

    def count_wrong(
        self, work: UnitOfWork, counters: list[AttemptCounter], *, now: datetime
    ) -> None:
        """Count a wrong code, which is refused if others at the same moment used up the last try.

        Raises:
            TooMany: the refusal of this kind.
        """
        work.attempts.count_or_refuse(counters, self.refusal, now=now)


OF_BUYER: Final = AttemptLimit(free=10, window=QUARTER)
OF_BUYERS_ADDRESS: Final = AttemptLimit(
    free=100, window=QUARTER, first_pause=SECOND, longest_pause=timedelta(minutes=1)
)
OF_BUYERS_EVENT: Final = AttemptLimit(
    free=1000, window=timedelta(hours=1), first_pause=SECOND, longest_pause=timedelta(seconds=5)
)

PROMO_CODES: Final = CodeKind(
    purpose="promo",
    of_caller=OF_BUYER,
    of_address=OF_BUYERS_ADDRESS,
    of_event=OF_BUYERS_EVENT,
    refusal=TooManyPromoCodes,
)
ACCESS_CODES: Final = CodeKind(
    purpose="access",
    of_caller=OF_BUYER,
    of_address=OF_BUYERS_ADDRESS,
    of_event=OF_BUYERS_EVENT,
    refusal=TooManyGuesses,
)
SHORT_CODES: Final = CodeKind(
    # Far above what honest gates meet, several behind one address and a tenth of their guests with
    # tickets of others; against 80 random bits it is nothing.
    purpose="door",
    of_caller=AttemptLimit(
        free=1000, window=QUARTER, first_pause=SECOND, longest_pause=timedelta(seconds=10)
    ),
    of_address=AttemptLimit(
        free=4000, window=QUARTER, first_pause=SECOND, longest_pause=timedelta(seconds=10)
    ),
    of_event=AttemptLimit(
        free=10_000, window=QUARTER, first_pause=SECOND, longest_pause=timedelta(seconds=10)
    ),
    refusal=TooManyGuesses,
)
