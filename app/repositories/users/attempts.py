from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from sqlalchemy import case, delete, or_, select, update

from app.domain.errors import TooMany
from app.domain.users.attempts import LONGEST_WINDOW, AttemptCounter
from app.models.users.attempts import AttemptCount
from app.repositories.base import Repository

LEAST_PAUSE: Final = timedelta(seconds=1)


class AttemptRepository(Repository):
    """Counts attempts. Rows are locked in the order of their keys, so that no two deadlock."""

    def count(
        self, counters: Sequence[AttemptCounter], *, now: datetime, times: int = 1
    ) -> timedelta | None:
        """Count one attempt under each, or several; ``None``: it may be made.

        Otherwise at least one of them pauses, and this is how long the caller has to wait. Leave
        the transaction by raising then: an attempt that is refused is not counted.
        """
        waits = [self._count(counter, now=now, times=times) for counter in _in_order(counters)]
        return max((wait for wait in waits if wait is not None), default=None)

    def count_or_refuse(
        self,
        counters: Sequence[AttemptCounter],
        refusal: Callable[[timedelta], TooMany],
        *,
        now: datetime,
    ) -> None:
        """Count one attempt under each.

        Raises:
            TooMany: this refusal, where at least one of them pauses.
        """
        wait = self.count(counters, now=now)
        if wait is not None:
            raise refusal(wait)

    def succeeded(self, counters: Sequence[AttemptCounter]) -> None:
        """Take back what was counted for an attempt that turned out right."""
        for counter in _in_order(counters):
            if counter.cleared_by_success:
                self.forget(counter.key)
            else:
                self._db.execute(
                    update(AttemptCount)
                    .where(AttemptCount.key == counter.key, AttemptCount.attempts > 0)
                    .values(
                        attempts=AttemptCount.attempts - 1,
                        # A pause that only this attempt began ends with it.
                        paused_until=case(
                            (AttemptCount.attempts <= counter.limit.free, None),
                            else_=AttemptCount.paused_until,
                        ),
                    )
                )

    def pause(self, counter: AttemptCounter, *, now: datetime) -> timedelta | None:
        """How long to wait before the next attempt, which is not counted here; ``None``: not."""
        window = counter.limit.window
        paused_until = self._db.scalar(
            select(AttemptCount.paused_until).where(
                AttemptCount.key == counter.key,
                AttemptCount.paused_until > now,
                AttemptCount.window_started_at > now - window,
            )
        )
        return None if paused_until is None else max(paused_until - now, LEAST_PAUSE)

    def forget(self, key: str) -> None:
        """Let the count start again."""
        self._db.execute(delete(AttemptCount).where(AttemptCount.key == key))

    def delete_ended(self, now: datetime) -> None:
        """Delete counts whose window is over, whichever it was."""
        ended = AttemptCount.window_started_at < now - LONGEST_WINDOW
        self._db.execute(delete(AttemptCount).where(ended))

    def _count(self, counter: AttemptCounter, *, now: datetime, times: int) -> timedelta | None:
        """Count the attempt, unless a pause is on; then tell how long it lasts.

        One conditional statement, so of many who guess at once no more get through. It locks the
        row until the transaction ends, so the second one sees the first one's count.
        """
        is_over = AttemptCount.window_started_at <= now - counter.limit.window
        statement = (
            self._insert(AttemptCount)
            .values(key=counter.key, window_started_at=now, attempts=times, paused_until=None)
            .on_conflict_do_update(
                index_elements=[AttemptCount.key],
                set_={
                    "attempts": case((is_over, times), else_=AttemptCount.attempts + times),
                    "window_started_at": case((is_over, now), else_=AttemptCount.window_started_at),
                    "paused_until": None,
                },
                where=or_(
                    is_over,
                    AttemptCount.paused_until.is_(None),
                    AttemptCount.paused_until <= now,
                ),
            )
            .returning(AttemptCount)
            .execution_options(populate_existing=True)
        )
        counted: AttemptCount | None = self._db.scalars(statement).one_or_none()
        if counted is None:
            return self.pause(counter, now=now)
        counted.paused_until = counter.limit.paused_until(
            counted.attempts, started_at=counted.window_started_at, now=now
        )
        self._db.flush()
        return None


def _in_order(counters: Sequence[AttemptCounter]) -> list[AttemptCounter]:
    return sorted(counters, key=attrgetter("key"))
