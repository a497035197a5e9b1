from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest

from app.domain.orders.hold_limits import MOST_ENDED, REMEMBERED_FOR, EndedHold, paused_until
from tests.support.fakes import START

HOLD = timedelta(minutes=15)
PAUSE = timedelta(minutes=5)


def held(*minutes: float) -> list[EndedHold]:
    """Holds that took so long, one after the other."""
    holds, now = list[EndedHold](), START
    for length in minutes:
        placed_at, now = now, now + timedelta(minutes=length)
        holds.append(EndedHold(placed_at, now))
    return holds


def until(holds: Sequence[EndedHold]) -> datetime | None:
    return paused_until(holds, hold_for=HOLD, pause=PAUSE)


class TestPausedUntil:
    @pytest.mark.parametrize("minutes", [(), (15,), (11, 11), (7, 7, 7), (1,) * 22, (60,)])
    def test_is_no_time_after_little_holding(self, minutes: Sequence[float]) -> None:
        assert until(held(*minutes)) is None

    @pytest.mark.parametrize(
        ("minutes", "factor"),
        [
            ((15, 15), 1),
            ((12, 12), 1),
            ((7, 7, 7, 7), 1),
            ((15, 15, 15), 2),
            ((60, 60, 60), 2),
            ((1,) * 23, 1),
            ((15,) * 5, 8),
        ],
    )
    def test_grows_with_the_time_held(self, minutes: Sequence[float], factor: int) -> None:
        holds = held(*minutes)

        assert until(holds) == holds[-1].closed_at + PAUSE * factor
        assert until(holds[::-1]) == until(holds)

    def test_begins_where_the_last_whole_one_was_full(self) -> None:
        holds = held(15, 15, 1, 1, 1)

        assert until(holds) == holds[1].closed_at + PAUSE

    def test_is_a_day_later_at_most(self) -> None:
        holds = held(*[15] * 20)

        assert until(holds) == holds[-1].closed_at + REMEMBERED_FOR

    def test_is_when_the_first_of_very_many_is_forgotten(self) -> None:
        holds = held(*[0.01] * MOST_ENDED)

        assert until(holds[1:]) is None
        assert until(holds) == holds[0].closed_at + REMEMBERED_FOR
