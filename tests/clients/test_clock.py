"""The machine's clock."""

from datetime import UTC

from app.clients.clock import SystemClock


class TestNow:
    def test_is_aware_and_in_utc(self) -> None:
        assert SystemClock().now().tzinfo is UTC

    def test_does_not_go_back(self) -> None:
        clock = SystemClock()

        earlier, later = clock.now(), clock.now()

        assert earlier <= later
