"""The console in French: what stands in its templates is, and what organizers wrote stays."""

import re
from typing import Final

import pytest

from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, words_of
from tests.steps.organizations import Band
from tests.support.factories import Factory

pytestmark = one_database

ENGLISH: Final = re.compile(r"\b(the|your|tickets|and|with|for|is|are|who|until|please|of)\b", re.I)


class TestConsole:
    @pytest.mark.parametrize(
        "path",
        [
            "/manage",
            "/manage/events/new",
            "/manage/teams",
            "/manage/door",
            "/manage/events/{event}/door?q=a",
            "/manage/events/{event}",
            "/manage/events/{event}/edit",
            "/manage/events/{event}/ticket-types",
            "/manage/events/{event}/promo-codes",
            "/manage/events/{event}/promo-codes/new",
            "/manage/events/{event}/gates",
            "/manage/events/{event}/attendance",
            "/manage/events/{event}/report",
            "/manage/events/{event}/cancel",
            "/manage/events/{event}/handover",
            "/manage/events/{event}/orders/{order}",
            "/account/sessions",
            "/sign-out",
        ],
    )
    def test_is_in_french(
        self, visitor: Visitor, services: Services, seller: User, make: Factory, path: str
    ) -> None:
        Band(services, make, owner=seller)
        event = make.event(organizer=seller)
        order = make.pay(make.user(), event.id).order
        visitor.cookies["lang"] = "fr"

        page = visitor.open(path.format(event=event.id, order=order.id))

        assert '<html lang="fr">' in page
        words = words_of(page)
        found = ENGLISH.search(words)
        assert found is None, words[max(0, found.start() - 60) : found.end() + 60]
