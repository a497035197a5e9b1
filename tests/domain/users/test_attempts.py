from datetime import UTC, datetime, timedelta

import pytest

from app.domain.users.attempts import UNKNOWN_CLIENT, AttemptLimit, ClientAddress

NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)
LIMIT = AttemptLimit(
    free=3,
    window=timedelta(hours=1),
    first_pause=timedelta(seconds=1),
    longest_pause=timedelta(seconds=5),
)


class TestPausedUntil:
    @pytest.mark.parametrize(
        ("attempts", "seconds"), [(1, 0), (2, 0), (3, 1), (4, 2), (5, 4), (6, 5), (10_000, 5)]
    )
    def test_doubles_up_to_the_longest(self, attempts: int, seconds: int) -> None:
        until = LIMIT.paused_until(attempts, started_at=NOON, now=NOON + timedelta(minutes=1))

        assert until == (NOON + timedelta(minutes=1, seconds=seconds) if seconds else None)

    def test_is_the_end_of_the_window_where_there_is_no_first_pause(self) -> None:
        limit = AttemptLimit(free=3, window=timedelta(hours=1))

        assert limit.paused_until(2, started_at=NOON, now=NOON) is None
        assert limit.paused_until(3, started_at=NOON, now=NOON) == NOON + timedelta(hours=1)

    @pytest.mark.parametrize("window", [timedelta(0), timedelta(days=1, seconds=1)])
    def test_needs_a_window_that_the_clean_up_knows(self, window: timedelta) -> None:
        with pytest.raises(ValueError, match="window"):
            AttemptLimit(free=1, window=window)


class TestOf:
    @pytest.mark.parametrize(
        ("text", "address", "network"),
        [
            ("203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
            ("::ffff:203.0.113.77", "203.0.113.77", "203.0.113.0/24"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ],
    )
    def test_knows_the_network(self, text: str, address: str, network: str) -> None:
        assert ClientAddress.of(text) == ClientAddress(address, network)

    @pytest.mark.parametrize("text", ["", "unknown", "203.0.113", "1.2.3.4, 5.6.7.8", "_hidden"])
    def test_knows_nothing_of_other_texts(self, text: str) -> None:
        assert ClientAddress.of(text) == UNKNOWN_CLIENT


class TestCounters:
    def test_gives_a_network_more_than_an_address(self) -> None:
        frees = [
            counter.limit.free for counter in ClientAddress.of("203.0.113.7").counters("x", LIMIT)
        ]

        assert frees == [3, 12]

    def test_counts_two_purposes_apart(self) -> None:
        client = ClientAddress.of("203.0.113.7")

        keys = {
            counter.key for what in ("login", "reset") for counter in client.counters(what, LIMIT)
        }

        assert len(keys) == 4

    def test_has_none_for_an_unknown_client(self) -> None:
        assert UNKNOWN_CLIENT.counters("login", LIMIT) == ()
