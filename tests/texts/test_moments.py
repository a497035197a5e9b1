from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from app.domain.events.schedules import When
from app.domain.languages import Language
from app.texts import moments
from app.texts.catalogue import written_in

LAGOS, DAKAR, MUMBAI = ZoneInfo("Africa/Lagos"), ZoneInfo("Africa/Dakar"), ZoneInfo("Asia/Kolkata")
FIRST = datetime(2030, 6, 1, 19, 0, tzinfo=LAGOS)
LATE = datetime(2030, 2, 28, 9, 5, tzinfo=DAKAR)


class TestMoments:
    def test_are_written_in_english(self) -> None:
        assert moments.moment(FIRST) == "Saturday, 1 June 2030, 19:00 (WAT)"
        assert moments.spoken(FIRST) == "Saturday, 01 June 2030, 19:00 (WAT)"
        assert moments.short_moment(FIRST) == "Sat 1 Jun 2030, 19:00"
        assert moments.short_day(FIRST) == "Sat 1 Jun 2030"
        assert moments.clock_time(FIRST) == "Sat 1 Jun, 19:00 WAT"
        assert moments.same_day(FIRST.replace(hour=23), FIRST) == "23:00 (WAT)"
        assert moments.same_day(FIRST.replace(day=2), FIRST) == "Sunday, 2 June 2030, 19:00 (WAT)"

    def test_are_written_in_french(self) -> None:
        with written_in(Language.FRENCH):
            assert moments.moment(FIRST) == "samedi 1er juin 2030 à 19:00 (UTC+1)"
            assert moments.spoken(LATE) == "jeudi 28 février 2030 à 09:05 (GMT)"
            assert moments.short_moment(LATE) == "jeu. 28 févr. 2030, 09:05"
            assert moments.short_day(FIRST) == "sam. 1er juin 2030"
            assert moments.clock_time(FIRST) == "sam. 1er juin, 19:00 UTC+1"
            assert moments.same_day(FIRST.replace(hour=23), FIRST) == "23:00 (UTC+1)"

    @pytest.mark.parametrize("number", range(1, 13))
    def test_have_the_english_names_of_before(self, number: int) -> None:
        at = datetime(2030, number, 3, 8, 0, tzinfo=LAGOS)

        assert moments.moment(at) == f"{at:%A}, {at.day} {at:%B %Y, %H:%M (%Z)}"
        assert moments.spoken(at) == at.strftime("%A, %d %B %Y, %H:%M (%Z)")
        assert moments.short_moment(at) == f"{at:%a} {at.day} {at:%b %Y, %H:%M}"

    def test_name_zones_by_their_distance(self) -> None:
        with written_in(Language.FRENCH):
            assert moments.zone(FIRST.astimezone(MUMBAI)) == "UTC+5:30"
            assert moments.zone(FIRST.astimezone(ZoneInfo("America/New_York"))) == "UTC-4"


def whole_days(first: str, behind: str, zone: str = "Africa/Lagos") -> When:
    """From the first day to before the other."""
    begin, end = (
        datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone)) for day in (first, behind)
    )
    return When(begin, end, all_day=True)


class TestWholeDays:
    @pytest.mark.parametrize(
        ("first", "behind", "english", "french", "short", "court"),
        [
            (
                *("2026-12-04", "2026-12-05", "Friday, 4 December 2026"),
                *("vendredi 4 décembre 2026", "Fri 4 Dec 2026", "ven. 4 déc. 2026"),
            ),
            (
                *("2026-12-04", "2026-12-07", "4 to 6 December 2026"),
                *("du 4 au 6 décembre 2026", "4 to 6 Dec 2026", "du 4 au 6 déc. 2026"),
            ),
            (
                *("2026-11-30", "2026-12-02", "30 November to 1 December 2026"),
                *("du 30 novembre au 1er décembre 2026", "30 Nov to 1 Dec 2026"),
                "du 30 nov. au 1er déc. 2026",
            ),
            (
                *("2026-12-31", "2027-01-02", "31 December 2026 to 1 January 2027"),
                *("du 31 décembre 2026 au 1er janvier 2027", "31 Dec 2026 to 1 Jan 2027"),
                "du 31 déc. 2026 au 1er janv. 2027",
            ),
        ],
    )
    def test_are_told_without_a_time(
        self, first: str, behind: str, english: str, french: str, short: str, court: str
    ) -> None:
        when = whole_days(first, behind)

        assert moments.moment(when) == moments.spoken(when) == english
        assert moments.short_moment(when) == short
        with written_in(Language.FRENCH):
            assert moments.moment(when) == moments.spoken(when) == french
            assert moments.short_moment(when) == court

    def test_that_were_written_down_are_read(self) -> None:
        assert moments.respoken("2026-12-04/2026-12-06") == "4 to 6 December 2026"
        with written_in(Language.FRENCH):
            assert moments.respoken("2026-12-04/2026-12-04") == "vendredi 4 décembre 2026"
        assert moments.respoken("not/days") == "not/days"

    def test_are_not_those_of_an_event_with_an_hour(self) -> None:
        when = When(FIRST, None, all_day=False)

        assert moments.moment(when) == moments.moment(FIRST)
        assert moments.spoken(when) == moments.spoken(FIRST)
        assert moments.short_moment(when) == moments.short_moment(FIRST)

    def test_end_before_a_midnight_that_clocks_skip(self) -> None:
        cairo = ZoneInfo("Africa/Cairo")
        end = datetime(2027, 4, 30, 1, tzinfo=cairo)

        when = When(datetime(2027, 4, 29, tzinfo=cairo), end, all_day=True)

        assert str(when.last_day) == "2027-04-29"
        assert when.days == 1
