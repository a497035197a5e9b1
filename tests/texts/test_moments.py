from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

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
