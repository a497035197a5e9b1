from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.operations.clocks import FIRST_DELAY, retry_delay

HOUR = timedelta(hours=1)
TRIES = st.integers(0, 10_000)


class TestRetryDelay:
    def test_doubles_up_to_the_longest(self) -> None:
        delays = [retry_delay(tries, longest=timedelta(minutes=1)) for tries in range(1, 8)]

        assert [delay.total_seconds() for delay in delays] == [5, 10, 20, 40, 60, 60, 60]

    @given(TRIES, TRIES)
    def test_never_shrinks(self, one: int, other: int) -> None:
        fewer, more = sorted((one, other))

        assert retry_delay(fewer, longest=HOUR) <= retry_delay(more, longest=HOUR)

    @given(TRIES, st.timedeltas(FIRST_DELAY, timedelta(days=365)))
    def test_stays_between_the_first_and_the_longest(self, tries: int, longest: timedelta) -> None:
        assert FIRST_DELAY <= retry_delay(tries, longest=longest) <= longest
