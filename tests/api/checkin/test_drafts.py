"""At the door a draft exists only for members who can see hidden ticket types of the event."""

from typing import Any, Final

import httpx
import pytest

from app.domain.ids import EventId
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from tests.api.conftest import Headers, Person, one_database
from tests.steps.browsing import Visitor
from tests.steps.organizations import Band
from tests.support.factories import Factory

SCAN: Final = {"scan_id": "scan-1", "code": "ABCD-EFGH-JKLM"}
OFFLINE: Final = {**SCAN, "scanned_at": "2027-03-01T12:00:00Z", "verdict": "accepted"}
CALLS: Final[dict[str, Any]] = {
    "POST /check-ins": SCAN,
    "POST /check-ins/1/undo": {"reason": "Wrong button"},
    "POST /check-ins/batch": {"scans": [OFFLINE]},
    "GET /check-ins": None,
    "GET /check-ins/conflicts": None,
    "GET /check-ins/counts": None,
    "GET /check-ins/stream?seconds=1": None,
    "GET /attendees": None,
    "GET /manifest": None,
    "GET /revocations": None,
    "GET /attendance-report": None,
    "GET /exports/attendees.csv": None,
    "GET /exports/check-ins.xlsx": None,
}
PAGES: Final = ("/attendance", "/exports", "/edit", "")
TITLE: Final = "Lagos Jazz Night"
FIRST: Final = EventId(1)


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    """Has a draft, which is event 1."""
    band = Band(services, make)
    make.event(organizer=band.owner, organization_id=band.id, is_draft=True)
    return band


def called(api: httpx.Client, call: str, headers: Headers) -> httpx.Response:
    method, path = call.split(" ")
    return api.request(method, f"/events/1{path}", json=CALLS[call], headers=headers)


class TestDraft:
    @pytest.mark.parametrize("call", CALLS)
    def test_is_not_found_by_checkers_and_gate_staff(
        self,
        api: httpx.Client,
        band: Band,
        services: Services,
        ada: Person,
        bola: Person,
        call: str,
    ) -> None:
        band.join(ada.user, OrganizationRole.CHECKER)
        services.staff.take_on(event_id=FIRST, organizer=band.owner, name="bola")

        for person in (ada, bola):
            hidden = called(api, call, person.headers)

            assert (hidden.status_code, hidden.json()["code"]) == (404, "event-not-found")

        services.event_life.publish(event_id=FIRST, organizer=band.owner)
        assert "event-not-found" not in called(api, call, ada.headers).text

    @pytest.mark.parametrize("page", PAGES)
    @one_database
    def test_has_no_page_for_checkers(
        self, api: httpx.Client, band: Band, ada: Person, page: str
    ) -> None:
        band.join(ada.user, OrganizationRole.CHECKER)
        checker = Visitor(api)
        checker.sign_in("ada")

        assert TITLE not in checker.open(f"/manage/events/1{page}", 404)

    def test_is_found_by_its_editors_and_by_scanners_they_enrol(
        self, api: httpx.Client, band: Band, services: Services, ada: Person
    ) -> None:
        band.join(ada.user, OrganizationRole.MANAGER)
        made = services.devices.prepare(
            event_id=FIRST, organizer=ada.user, name="Phone", gate=None, url_of=str
        )
        token, _ = services.devices.enrol(code=made.code)

        for headers in (ada.headers, {"Authorization": f"Bearer {token}"}):
            assert called(api, "GET /manifest", headers).json()["event"]["title"] == TITLE
