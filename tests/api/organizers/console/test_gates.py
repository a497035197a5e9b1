"""Gate staff and scanners in the console."""

import base64
import re
from html import unescape

import pytest

from app.clients.pictures.qr import QrCodes
from app.domain.errors import EnrolmentInvalid
from app.domain.ids import EventId
from app.domain.permissions import OrganizationRole
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of
from tests.steps.console import signed_in
from tests.steps.organizations import Band
from tests.support.factories import PASSWORD, Factory

pytestmark = one_database

HOSTILE = """X"><script>alert(1)</script>{{7*7}}"""
CODE = re.compile(r"https://shop\.test/scan#enrol=([\w-]+)")


@pytest.fixture
def event_id(seller: User, make: Factory) -> EventId:
    return make.event(organizer=seller).id


@pytest.fixture
def path(event_id: EventId, visitor: Visitor) -> str:
    address = f"/manage/events/{event_id}/gates"
    visitor.open(address)
    return address


class TestScanners:
    def test_are_enrolled_by_a_code_that_is_shown_once(
        self, visitor: Visitor, path: str, services: Services
    ) -> None:
        page = visitor.post(f"{path}/scanners", 201, name="Phone 3", gate="North").text

        url = CODE.search(unescape(page))
        assert url is not None
        picture = re.findall(r'src="data:image/png;base64,([^"]+)"', page)[0]
        assert base64.b64decode(picture) == QrCodes().png(url[0])
        assert "on this computer only" not in page
        assert "waits for its phone" in visitor.open(path)
        _, scanner = services.devices.enrol(code=url[1])
        assert (scanner.device.name, scanner.device.gate) == ("Phone 3", "North")
        shown = visitor.open(path)
        assert "last seen" in shown
        assert url[1] not in shown

    def test_are_revoked(
        self, visitor: Visitor, path: str, services: Services, event_id: EventId, seller: User
    ) -> None:
        page = visitor.post(f"{path}/scanners", 201, name="Phone 3", gate="").text
        device = services.devices.of_event(event_id=event_id, organizer=seller)[0]

        for _ in range(2):  # the second press finds it done
            visitor.post(f"{path}/scanners/{device.id}/revoke")

        assert "Revoked: Phone 3." in visitor.open(path)
        code = CODE.search(unescape(page))
        assert code is not None
        with pytest.raises(EnrolmentInvalid):
            services.devices.enrol(code=code[1])

    def test_need_a_name(self, visitor: Visitor, path: str) -> None:
        page = visitor.post(f"{path}/scanners", 422, name=" ", gate="x" * 61).text

        assert mistake_at(page, "name") == "This field is needed."
        assert "60" in mistake_at(page, "gate")
        assert value_of(page, "gate") == "x" * 61


class TestGateStaff:
    def test_are_added_and_removed(
        self,
        visitor: Visitor,
        path: str,
        services: Services,
        make: Factory,
        event_id: EventId,
        seller: User,
    ) -> None:
        ngozi = make.user(name="ngozi")

        visitor.post(f"{path}/staff", account="NGOZI@example.com")

        assert "ngozi" in visitor.open(path)
        for _ in range(2):
            visitor.post(f"{path}/staff/{ngozi.id}/remove")
        assert services.staff.of_event(event_id=event_id, organizer=seller) == []

    def test_are_accounts_whose_address_is_their_own(
        self, visitor: Visitor, path: str, services: Services
    ) -> None:
        services.users.register(email="tunde@example.com", username="tunde", password=PASSWORD)

        unknown = visitor.post(f"{path}/staff", 404, account="nobody").text
        unconfirmed = visitor.post(f"{path}/staff", 409, account="tunde@example.com").text
        empty = visitor.post(f"{path}/staff", 422, account="").text

        assert "Ask them to sign up first" in mistake_at(unknown, "account")
        assert value_of(unknown, "account") == "nobody"
        assert "has not confirmed it" in mistake_at(unconfirmed, "account")
        assert mistake_at(empty, "account") == "This field is needed."


def test_others_have_no_part_in_it(
    visitor: Visitor, path: str, make: Factory, services: Services, seller: User
) -> None:
    band = Band(services, make, owner=seller)
    shared = make.event(organizer=seller, organization_id=band.id)
    support = signed_in(visitor, band.member(OrganizationRole.SUPPORT))
    rival = signed_in(visitor, make.user(role=Role.ORGANIZER))
    addresses = ("/staff", "/staff/1/remove", "/scanners", "/scanners/1/revoke")

    rival.open(path, 404)
    support.open(f"/manage/events/{shared.id}/gates", 403)
    for address in addresses:
        rival.post(path + address, 404, name="Phone", account="seller")
        support.post(
            f"/manage/events/{shared.id}/gates{address}", 403, name="Phone", account="seller"
        )
    assert services.devices.of_event(event_id=shared.id, organizer=seller) == []


def test_hostile_text_is_shown_as_text(visitor: Visitor, path: str) -> None:
    pages = [visitor.post(f"{path}/scanners", 201, name=HOSTILE, gate=HOSTILE).text]
    pages.append(visitor.post(f"{path}/staff", 404, account=HOSTILE).text)
    pages.append(visitor.open(path))

    for page in pages:
        assert "alert(" in page
        assert "<script" not in page
        assert "49 " not in page
