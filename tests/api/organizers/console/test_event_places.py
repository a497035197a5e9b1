"""The time zone and the currency of an event in the console's form."""

from datetime import UTC, datetime

from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of
from tests.steps.console import FORM, created, id_in
from tests.support.factories import Factory

pytestmark = one_database

NAIROBI = {"time_zone": "Africa/Nairobi", "currency": "KES"}


class TestForm:
    def test_proposes_the_shop_s_own(self, visitor: Visitor) -> None:
        page = visitor.open("/manage/events/new")

        assert value_of(page, "time_zone") == "Africa/Lagos"
        assert '<option value="NGN" selected>' in page

    def test_takes_others(self, visitor: Visitor, services: Services) -> None:
        event = services.events.get(id_in(created(visitor, **NAIROBI)))

        assert (event.time_zone, event.currency) == ("Africa/Nairobi", "KES")
        assert event.starts_at == datetime(2030, 6, 1, 16, tzinfo=UTC)

    def test_says_beside_them_what_is_wrong(self, visitor: Visitor) -> None:
        visitor.open("/manage/events/new")
        wrong = {"time_zone": "Lagos", "currency": "EUR"}

        page = visitor.post("/manage/events/new", 422, **(FORM | wrong)).text

        assert mistake_at(page, "time_zone")
        assert "NGN" in mistake_at(page, "currency")
        assert value_of(page, "time_zone") == "Lagos"

    def test_keeps_the_time_on_the_clock_in_another_zone(
        self, visitor: Visitor, services: Services
    ) -> None:
        path = created(visitor, ends_at="2030-06-01T23:00")

        visitor.post(f"{path}/edit", **(FORM | NAIROBI | {"ends_at": "2030-06-01T23:00"}))

        event = services.events.get(id_in(path))
        assert (event.time_zone, event.currency) == ("Africa/Nairobi", "KES")
        assert event.starts_at == datetime(2030, 6, 1, 16, tzinfo=UTC)
        assert event.ends_at == datetime(2030, 6, 1, 20, tzinfo=UTC)

    def test_keeps_the_currency_of_orders(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        event = make.event(organizer=seller)
        make.order(make.user(), event.id)
        path = f"/manage/events/{event.id}/edit"
        date = value_of(visitor.open(path), "date")

        page = visitor.post(path, 409, **(FORM | {"date": date, "currency": "KES"})).text

        assert "keeps its currency" in mistake_at(page, "currency")
        assert services.events.get(event.id).currency == "NGN"
