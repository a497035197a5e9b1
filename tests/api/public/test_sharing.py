"""How an event is shared: as a card in pages of others, as a poster, and in calendars."""

import httpx
from icalendar import Calendar

from tests.api.conftest import one_database
from tests.api.events.test_event_pages import opened
from tests.support.factories import Factory

pytestmark = one_database


class TestSharing:
    def test_shows_in_frames_of_others_only_the_card(
        self, api: httpx.Client, make: Factory
    ) -> None:
        event = make.event()
        path = f"/e/{event.id}-lagos-jazz-night"

        page, card = opened(api, path), opened(api, f"{path}/embed")

        assert "frame-ancestors 'none'" in page.headers["content-security-policy"]
        assert "frame-ancestors *" in card.headers["content-security-policy"]
        assert "<form" not in card.text
        assert f'href="https://shop.test{path}"' in card.text
        assert f"&lt;iframe src=&#34;https://shop.test{path}/embed&#34;" in page.text

    def test_has_a_poster_whose_code_leads_to_the_page(
        self, api: httpx.Client, make: Factory
    ) -> None:
        event = make.event()
        path = f"/e/{event.id}-lagos-jazz-night"

        poster, code = opened(api, f"{path}/poster"), api.get(f"{path}/poster.svg")

        assert f'src="{path}/poster.svg"' in poster.text
        assert code.headers["content-type"] == "image/svg+xml"
        assert f"https://shop.test{path}" in code.text

    def test_brings_the_event_into_a_calendar_with_the_way_back(
        self, api: httpx.Client, make: Factory
    ) -> None:
        event = make.event()
        path = f"/e/{event.id}-lagos-jazz-night"

        (entry,) = Calendar.from_ical(api.get(f"{path}.ics").content).walk("VEVENT")

        assert str(entry["url"]) == f"https://shop.test{path}"
