"""Who organizes an event, as its page tells buyers."""

import json
import re

import httpx

from app.http.services import Services
from app.services.organizers.organizations import NewOrganization
from tests.api.conftest import Person, one_database
from tests.support.factories import Factory

pytestmark = one_database

HOSTILE = """Jazz "><script>alert(1)</script>"""


def page_of(
    api: httpx.Client, services: Services, make: Factory, owner: Person, **told: str
) -> str:
    new = NewOrganization(**{"name": "Jazz Collective", **told})
    made = services.organizations.create(owner=owner.user, new=new)
    event = make.event(organizer=owner.user, organization_id=made.organization.id)
    return api.get(f"/e/{event.id}", follow_redirects=True).text


class TestOrganizer:
    def test_is_named_with_a_way_to_write_to(
        self, api: httpx.Client, services: Services, make: Factory, organizer: Person
    ) -> None:
        page = page_of(api, services, make, organizer, contact_email="hello+jazz@example.com")

        assert "<dt>Organized by</dt><dd>Jazz Collective</dd>" in page
        assert 'href="mailto:hello%2Bjazz@example.com">hello+jazz@example.com</a>' in page

    def test_without_a_contact_is_named_alone_and_answers_go_elsewhere_unseen(
        self, api: httpx.Client, services: Services, make: Factory, organizer: Person
    ) -> None:
        page = page_of(api, services, make, organizer, reply_to="secret@example.com")

        assert "<dd>Jazz Collective</dd>" in page
        assert "mailto:" not in page
        assert "secret@example.com" not in page

    def test_is_told_to_search_engines_and_shown_as_text(
        self, api: httpx.Client, services: Services, make: Factory, organizer: Person
    ) -> None:
        page = page_of(api, services, make, organizer, name=HOSTILE)

        assert "<script>alert" not in page
        data = re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
        assert data is not None
        assert json.loads(data[1])["organizer"] == {"@type": "Organization", "name": HOSTILE}
