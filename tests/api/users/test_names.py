"""Names that are longer once their letters are written out are refused, on both databases."""

import httpx
import pytest

from app.domain.states import Role
from app.http.services import Services
from tests.api.answers import pointers_of
from tests.api.conftest import one_database
from tests.support.factories import PASSWORD, Factory

pytestmark = one_database

LIGATURE = "\ufdfa"
"""One character, 18 when it is written out."""


@pytest.fixture
def organizer(api: httpx.Client, make: Factory) -> dict[str, str]:
    """The headers of a person who sells tickets."""
    make.user(name="organizer", role=Role.ORGANIZER)
    answer = api.post("/token", data={"username": "organizer", "password": PASSWORD})
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


@pytest.fixture
def event_id(services: Services, make: Factory, organizer: dict[str, str]) -> int:
    account = services.users.find(email="organizer@example.com", username="organizer")
    return make.event(organizer=account).id


class TestNames:
    def test_of_ticket_types_fit_their_column(
        self, api: httpx.Client, organizer: dict[str, str], event_id: int
    ) -> None:
        body = {"name": LIGATURE * 100, "ticket_price": 1000}

        answer = api.post(f"/events/{event_id}/ticket-types", json=body, headers=organizer)

        assert pointers_of(answer) == ["/name"]

    def test_of_promo_codes_fit_their_column(
        self, api: httpx.Client, organizer: dict[str, str], event_id: int
    ) -> None:
        body = {"code": LIGATURE * 64, "kind": "percent", "value": 10}

        answer = api.post(f"/events/{event_id}/promo-codes", json=body, headers=organizer)

        assert pointers_of(answer) == ["/code"]
