"""The shop's front before anything is on: it says what to do first."""

from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.api.conftest import one_database
from tests.api.organizers.console.test_samples import FakeSamples
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.steps.browsing import Visitor, words_of
from tests.support.factories import Factory

pytestmark = one_database


@pytest.fixture
def demo(services: Services, outside: Adapters) -> Iterator[Visitor]:
    """A visitor of a shop that makes samples."""
    app = app_of(replace(parts_of(services, outside), samples=FakeSamples()))
    with httpx.Client(transport=InProcess(app), base_url="https://shop.test", timeout=30) as api:
        yield Visitor(api)


class TestEmptyFront:
    def test_leads_who_has_no_account_to_one_and_from_there_to_an_event(
        self, api: httpx.Client
    ) -> None:
        page = Visitor(api).open("/")

        assert 'href="/sign-up?next=/manage/events/new"' in page
        assert 'href="/sign-in?next=/manage/events/new"' in page
        assert "sample" not in words_of(page)

    def test_leads_who_is_signed_in_to_the_form(self, api: httpx.Client, make: Factory) -> None:
        make.user(name="ada")
        visitor = Visitor(api)
        visitor.sign_in("ada")

        page = visitor.open("/")

        assert 'href="/manage/events/new"' in page
        assert "/sign-up" not in page

    def test_of_a_demo_tells_of_the_samples(self, demo: Visitor, make: Factory) -> None:
        stranger = demo.open("/")
        make.user(name="ada")
        demo.sign_in("ada")
        signed_in = demo.open("/")

        for page, way in ((stranger, "/sign-up?next=/manage"), (signed_in, "/manage")):
            assert "three sample events" in words_of(page)
            assert f'<a class="button quiet" href="{way}">' in page
        assert "Make three sample events" in demo.open("/manage")

    def test_is_left_once_something_is_on(self, demo: Visitor, make: Factory) -> None:
        make.event()

        assert "sample" not in words_of(demo.open("/"))
