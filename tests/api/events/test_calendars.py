from datetime import timedelta
from typing import Any

import httpx
from icalendar import Calendar

from app.http.services import Services
from tests.api.answers import code_of
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock


def entry(answer: httpx.Response) -> Any:
    """The one entry of the file, as a calendar reads it."""
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    (event,) = Calendar.from_ical(answer.content).walk("VEVENT")
    return event


class TestEventFile:
    def test_follows_the_event(
        self, api: httpx.Client, make: Factory, organizer: Person, clock: FakeClock
    ) -> None:
        event = make.event(title="Jazz; & Soul", organizer=organizer.user)
        path = f"/events/{event.id}.ics"
        first = entry(api.get(path))
        clock.advance(timedelta(minutes=10))
        moved = {"date": "2027-04-02T20:00:00", "location": "Terra Kulture"}
        api.patch(f"/events/{event.id}", json=moved, headers=organizer.headers)
        second = entry(api.get(path))
        clock.advance(timedelta(minutes=10))
        api.post(
            f"/events/{event.id}/cancellation",
            json={"dry_run": False},
            headers=organizer.headers,
        )
        third = entry(api.get(path))

        versions = (first, second, third)
        assert {str(version["uid"]) for version in versions} == {f"event-{event.id}@shop.test"}
        assert [version["sequence"] for version in versions] == [0, 600, 1200]
        assert [str(v["status"]) for v in versions] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert third["last-modified"].dt == START + timedelta(minutes=20)
        assert str(first["summary"]) == "Jazz; & Soul"
        assert second["dtstart"].to_ical() == b"20270402T190000Z", "20:00 in Lagos"
        assert str(second["location"]) == "Terra Kulture"

    @one_database
    def test_is_a_file_of_its_own_beside_the_event(self, api: httpx.Client, make: Factory) -> None:
        event = make.event()

        answer = api.get(f"/events/{event.id}.ics")

        disposition = answer.headers["content-disposition"]
        assert disposition == f'attachment; filename="event-{event.id}.ics"'
        assert api.get(f"/events/{event.id}").json()["title"] == "Lagos Jazz Night"
        assert code_of(api.get("/events/99.ics")) == (404, "event-not-found")
        assert code_of(api.get("/events/x.ics")) == (422, "validation-failed")


class TestTicketFile:
    def test_leads_back_to_the_ticket(
        self, api: httpx.Client, make: Factory, ada: Person, services: Services
    ) -> None:
        bought = make.buy(ada.user, make.event().id)
        link_key = bought.tickets[0].link_key

        found = entry(api.get(f"/t/{link_key}.ics"))

        assert str(found["url"]) == f"https://shop.test/t/{link_key}"
        assert str(found["uid"]) == f"event-{bought.order.event_id}@shop.test"
        assert api.get("/t/unknown.ics").status_code == 404
