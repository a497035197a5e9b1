"""Events that last whole days in the console's forms, which work without JavaScript."""

from datetime import UTC, datetime

from app.http.services import Services
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of
from tests.steps.console import FORM, created, id_in

pytestmark = one_database

FAIR = {"all_day": "yes", "date": "", "first_day": "2030-12-04", "last_day": "2030-12-06"}
DAYS = "4 to 6 December 2030"
BEGIN, END = datetime(2030, 12, 3, 23, tzinfo=UTC), datetime(2030, 12, 6, 23, tzinfo=UTC)


class TestForm:
    def test_takes_days(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor, **FAIR)

        event = services.events.get(id_in(path))
        assert (event.all_day, event.starts_at, event.ends_at) == (True, BEGIN, END)
        assert DAYS in visitor.open(path)
        assert "4 to 6 Dec 2030" in visitor.open("/manage")

    def test_takes_one_day(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor, **(FAIR | {"last_day": ""}))

        assert services.events.get(id_in(path)).when.days == 1

    def test_ignores_days_of_an_event_with_an_hour(
        self, visitor: Visitor, services: Services
    ) -> None:
        path = created(visitor, first_day="2030-12-04", last_day="soon")

        event = services.events.get(id_in(path))
        assert (event.all_day, event.starts_at) == (False, datetime(2030, 6, 1, 18, tzinfo=UTC))

    def test_says_beside_the_days_what_is_wrong(self, visitor: Visitor) -> None:
        visitor.open("/manage/events/new")
        wrong = FAIR | {"first_day": "", "last_day": "soon"}
        turned = FAIR | {"last_day": "2030-12-03"}

        missing = visitor.post("/manage/events/new", 422, **(FORM | wrong)).text
        early = visitor.post("/manage/events/new", 422, **(FORM | turned)).text

        assert mistake_at(missing, "first_day") == "This field is needed."
        assert "must be a date" in mistake_at(missing, "last_day").lower()
        assert value_of(missing, "last_day") == "soon"
        assert 'value="yes" checked' in missing
        assert "later than the event" in mistake_at(early, "last_day")

    def test_speaks_french(self, visitor: Visitor) -> None:
        visitor.cookies["lang"] = "fr"
        visitor.open("/manage/events/new")

        within = FAIR | {"first_day": "2030-12-04T10:00"}
        page = visitor.post("/manage/events/new", 422, **(FORM | within)).text

        assert mistake_at(page, "first_day").startswith("Doit être un jour, ou son minuit")
        assert "du 4 au 6 décembre 2030" in visitor.open(created(visitor, **FAIR))


class TestChange:
    def test_switches_to_days_and_back(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor, ends_at="2030-06-01T23:00")
        page = visitor.open(f"{path}/edit")
        assert value_of(page, "first_day") == "2030-06-01"

        visitor.post(f"{path}/edit", **(FORM | FAIR))
        fair = services.events.get(id_in(path))
        page = visitor.open(f"{path}/edit")
        hours = {"all_day": "", "date": "2030-06-01T19:00", "ends_at": ""}
        visitor.post(f"{path}/edit", **(FORM | hours))
        concert = services.events.get(id_in(path))

        assert (fair.all_day, fair.starts_at, fair.ends_at) == (True, BEGIN, END)
        assert value_of(page, "last_day") == "2030-12-06"
        assert not concert.all_day
        assert concert.starts_at == datetime(2030, 6, 1, 18, tzinfo=UTC)
        assert concert.ends_at is None

    def test_keeps_the_days_in_another_zone(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor, **FAIR)

        visitor.post(f"{path}/edit", **(FORM | FAIR | {"time_zone": "Pacific/Auckland"}))

        event = services.events.get(id_in(path))
        assert (str(event.when.first_day), event.when.days) == ("2030-12-04", 3)
        assert event.starts_at == datetime(2030, 12, 3, 11, tzinfo=UTC)

    def test_changes_nothing_that_stays(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor, **FAIR)
        before = services.events.get(id_in(path))

        visitor.post(f"{path}/edit", **(FORM | FAIR | {"location": "Terra Kulture"}))

        event = services.events.get(id_in(path))
        assert event.location == "Terra Kulture"
        assert event.when == before.when


class TestDuplicate:
    def test_asks_for_the_first_day(self, visitor: Visitor, services: Services) -> None:
        path = created(visitor, **FAIR)

        page = visitor.open(f"{path}/duplicate")
        answer = visitor.post(f"{path}/duplicate", title="Next fair", date="2031-12-05")

        assert 'type="date" name="date"' in page
        copy = visitor.open(answer.headers["location"])
        assert "5 to 7 December 2031" in copy
