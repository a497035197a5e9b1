"""Quarters of an hour lie in one day each, wherever the event is."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.domain.organizers.reports import QUARTER, counts_by_day, day_of, start_of


@pytest.mark.parametrize(
    "name", ["Africa/Lagos", "Asia/Kathmandu", "Pacific/Chatham", "America/St_Johns", "UTC"]
)
def test_a_quarter_is_never_of_two_days(name: str) -> None:
    zone = ZoneInfo(name)
    midnight = datetime(2030, 3, 10, tzinfo=zone)
    quarter = int(midnight.timestamp() // QUARTER.total_seconds())

    assert start_of(quarter) == midnight
    assert day_of(quarter, zone) == date(2030, 3, 10)
    assert day_of(quarter - 1, zone) == date(2030, 3, 9)


def test_days_with_another_number_of_hours_are_whole() -> None:
    """Clocks in New York go forward on 10 March 2030: that day has 23 hours."""
    first = int(datetime(2030, 3, 10, tzinfo=ZoneInfo("America/New_York")).timestamp() // 900)
    hours = timedelta(hours=47)

    counts = counts_by_day(((first + n, 1) for n in range(hours // QUARTER)), "America/New_York")

    assert counts == {date(2030, 3, 10): 23 * 4, date(2030, 3, 11): 24 * 4}
