"""The only place that reads the clock."""

from datetime import UTC, datetime


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment: aware, UTC."""
        return datetime.now(UTC)
