"""An organization's logo, colour and contact on all pages of its buyers."""

import json
import re
from collections.abc import Callable

import httpx
import pytest

from app.domain.events.changes import UNCHANGED
from app.domain.ids import EventId
from app.http.services import Services
from app.services.organizers.organizations import OrganizationChanges
from tests.api.conftest import Person, one_database
from tests.steps.checkouts import Shopper
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.pictures import photo

pytestmark = one_database

STYLES = '<link rel="stylesheet" href="/colours/1a5fb4.css">'
LOGO = re.compile(r'<img class="logo" src="(/pictures/[0-9a-f]{32}-240\.png)" width="240" height=')
CONTACT = '<a href="mailto:hello@band.example">hello@band.example</a>'


class Look:
    """The pages of an event whose organization has a logo and a colour."""

    def __init__(self, api: httpx.Client, services: Services, make: Factory, owner: Person) -> None:
        self._api = api
        self.band = Band(services, make, owner=owner.user)
        services.organizations.edit(
            member=owner.user,
            organization_id=self.band.id,
            changes=OrganizationChanges(
                name=UNCHANGED, contact_email="hello@band.example", colour="#1a5fb4"
            ),
        )
        services.organizations.upload_logo(
            organization_id=self.band.id, owner=owner.user, content=photo(240, 120)
        )
        event = make.event(organizer=owner.user, organization_id=self.band.id)
        self.event_id: EventId = event.id
        self.order = Shopper(services, make).bought(event.id)

    def open(self, path: str) -> str:
        answer = self._api.get(path, headers={"Accept": "text/html"}, follow_redirects=True)
        assert answer.status_code == 200
        assert "style-src 'self'" in answer.headers["content-security-policy"]
        return answer.text

    @property
    def paths(self) -> dict[str, str]:
        event = self.open(f"/e/{self.event_id}")
        address = re.search(r'<link rel="canonical" href="https://shop\.test([^"]+)"', event)
        assert address is not None
        assert self.order.payment is not None
        (ticket,) = self.order.tickets
        return {
            "event": address[1],
            "embed": f"{address[1]}/embed",
            "poster": f"{address[1]}/poster",
            "order": f"/o/{self.order.token}",
            "payment": f"/payments/callback?reference={self.order.payment.reference}",
            "ticket": f"/t/{ticket.ticket.link_key}",
        }


@pytest.fixture
def look(
    api: httpx.Client, services: Services, make: Factory, organizer: Person
) -> Callable[[], Look]:
    return lambda: Look(api, services, make, organizer)


class TestLook:
    def test_is_that_of_the_organization_on_every_page_of_a_buyer(
        self, api: httpx.Client, look: Callable[[], Look]
    ) -> None:
        shown = look()

        for name, path in shown.paths.items():
            page = shown.open(path)
            assert page.count(STYLES) == 1, name
            logo = LOGO.search(page)
            assert (logo is None) == (name == "embed"), name
            assert (CONTACT in page) == (name not in ("embed", "poster")), name
            if logo is not None:
                assert api.get(logo[1]).headers["content-type"] == "image/png"

    def test_is_the_shops_where_the_organization_has_none(
        self, api: httpx.Client, make: Factory
    ) -> None:
        event = make.event()

        page = api.get(f"/e/{event.id}", follow_redirects=True).text

        assert "/colours/" not in page
        assert 'class="logo"' not in page

    def test_is_told_to_programs_and_search_engines(
        self, api: httpx.Client, look: Callable[[], Look]
    ) -> None:
        shown = look()

        told = api.get(f"/events/{shown.event_id}").json()["organization"]

        assert (told["colour"], told["contact_email"]) == ("#1a5fb4", "hello@band.example")
        assert (told["logo"]["width"], told["logo"]["height"]) == (240, 120)
        page = shown.open(shown.paths["event"])
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert data is not None
        assert json.loads(data[1])["organizer"] == {
            "@type": "Organization",
            "name": "Band",
            "email": "hello@band.example",
            "logo": told["logo"]["url"],
        }

    def test_keeps_the_page_of_an_event_small(
        self, api: httpx.Client, look: Callable[[], Look]
    ) -> None:
        shown = look()
        page = shown.open(shown.paths["event"])

        loaded = [page.encode()]
        loaded += [
            api.get(path).content
            for path in re.findall(r'<link rel="\w+"[^>]* href="(/[^"]+)"', page)
        ]

        assert len(loaded) == 4, "the icon, the shop's stylesheet, that of the colour"
        assert sum(map(len, loaded)) < 60_000
