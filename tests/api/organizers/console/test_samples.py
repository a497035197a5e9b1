"""Sample events by a button of the console: offered in a demo, begun once, waited for."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import httpx
import pytest

from app.domain.errors import SamplesRefused
from app.domain.ids import UserId
from app.http.services import Services
from app.models.users.users import User
from app.wiring.adapters import Adapters
from tests.api.conftest import one_database
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.steps.browsing import Visitor, words_of
from tests.support.factories import Factory

pytestmark = one_database

BUTTON = "Make three sample events"


@dataclass
class FakeSamples:
    """Notes for whom samples were begun, and makes none until it is told that they are done."""

    are_offered: bool = True
    has_events: bool = False
    begun: list[UserId] = field(default_factory=list)
    done: bool = False

    def is_making(self, owner_id: UserId) -> bool:
        return owner_id in self.begun and not self.done

    def begin(self, owner: User) -> None:
        if self.has_events:
            raise SamplesRefused("This account has events already.")
        if not self.is_making(owner.id):
            self.begun.append(owner.id)


@pytest.fixture
def samples() -> FakeSamples:
    return FakeSamples()


@pytest.fixture
def newcomer(
    services: Services, outside: Adapters, make: Factory, samples: FakeSamples
) -> Iterator[Visitor]:
    """A person without events, signed in at a shop that makes samples."""
    app = app_of(replace(parts_of(services, outside), samples=samples))
    with httpx.Client(transport=InProcess(app), base_url="https://shop.test", timeout=30) as api:
        make.user(name="newcomer")
        visitor = Visitor(api)
        visitor.sign_in("newcomer")
        yield visitor


class TestButton:
    def test_begins_them_and_leads_to_a_page_that_waits(
        self, newcomer: Visitor, samples: FakeSamples
    ) -> None:
        assert BUTTON in newcomer.open("/manage")

        for _ in range(2):
            answer = newcomer.post("/manage/samples")
            assert answer.headers["location"] == "/manage/samples"

        assert len(samples.begun) == 1
        waiting = newcomer.get("/manage/samples")
        assert waiting.headers["refresh"] == "2"
        assert "Samples are being made" in words_of(waiting.text)
        samples.done = True
        after = newcomer.api.get("/manage/samples", headers=newcomer.headers)
        assert (after.status_code, after.headers["location"]) == (303, "/manage")

    def test_needs_the_proof_of_the_session(self, newcomer: Visitor, samples: FakeSamples) -> None:
        newcomer.post("/manage/samples", 403, csrf="0" * 64)
        newcomer.api.cookies.clear()
        answer = newcomer.api.post("/manage/samples", data={"csrf": newcomer.csrf})

        assert answer.headers["location"].startswith("/sign-in")
        assert samples.begun == []

    def test_is_not_there_beside_events(
        self, newcomer: Visitor, samples: FakeSamples, make: Factory, services: Services
    ) -> None:
        user = services.users.find(email="newcomer@example.com", username="newcomer")
        make.event(organizer=user)
        samples.has_events = True

        assert BUTTON not in newcomer.open("/manage")
        assert "has events already" in newcomer.post("/manage/samples", 409).text

    def test_is_not_there_where_money_is_real(
        self, newcomer: Visitor, samples: FakeSamples
    ) -> None:
        samples.are_offered = False

        assert BUTTON not in newcomer.open("/manage")
        assert "cannot be made here" in newcomer.post("/manage/samples", 409).text
        assert samples.begun == []


def test_of_a_shop_that_makes_none_are_refused(visitor: Visitor) -> None:
    assert BUTTON not in visitor.open("/manage")

    assert "cannot be made here" in visitor.post("/manage/samples", 409).text
