"""Promo codes in the console: made, changed and stopped with a browser."""

import re
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from app.domain.ids import EventId
from app.domain.permissions import OrganizationRole
from app.domain.states import DiscountKind, Role
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.services.events.ticket_types import NewTicketType
from tests.api.conftest import one_database
from tests.steps.browsing import Visitor, mistake_at, value_of, words_of
from tests.steps.console import signed_in
from tests.steps.organizations import Band
from tests.support.factories import Factory

pytestmark = one_database

CODE = {"code": "EARLYBIRD", "kind": "percent", "value": "20", "max_uses": "50"}
HOSTILE = """X"><script>alert(1)</script>{{7*7}}"""


@pytest.fixture
def event_id(seller: User, make: Factory) -> EventId:
    kinds = [
        NewTicketType(name=name, price=Decimal(price))
        for name, price in (("Standing", "2500"), ("VIP", "9000"))
    ]
    return make.event(organizer=seller, ticket_types=kinds).id


@pytest.fixture
def path(event_id: EventId, visitor: Visitor) -> str:
    """The address of the event's promo codes."""
    address = f"/manage/events/{event_id}/promo-codes"
    visitor.open(address)
    return address


def codes_of(services: Services, event_id: EventId, seller: User) -> list[PromoCode]:
    return list(services.promo_codes.all_of(event_id=event_id, organizer=seller))


class TestCreateCode:
    def test_makes_it_cheaper_for_buyers(
        self, visitor: Visitor, path: str, make: Factory, event_id: EventId
    ) -> None:
        visitor.post(f"{path}/new", **CODE)

        make.order(make.user(), event_id, promo_code="earlybird")

        shown = words_of(visitor.open(path))
        assert "EARLYBIRD 20% 1 of 50 always" in shown

    def test_takes_an_amount_a_window_and_types(
        self, visitor: Visitor, path: str, services: Services, event_id: EventId, seller: User
    ) -> None:
        page = visitor.open(f"{path}/new")
        vip = re.findall(r'name="(type-[0-9]+)"> VIP', page)[0]

        visitor.post(
            f"{path}/new",
            code="Family 4",
            kind="fixed",
            value="1,000.50",
            max_uses="",
            valid_from="2027-05-01T08:00",
            valid_until="2027-05-31T23:59",
            **{vip: "on"},
        )

        code = codes_of(services, event_id, seller)[0]
        assert (code.kind, code.value, code.max_uses) == (DiscountKind.FIXED, 100_050, None)
        assert code.valid_from == datetime(2027, 5, 1, 7, tzinfo=UTC)
        assert code.ticket_type_ids == [int(vip.removeprefix("type-"))]
        shown = words_of(visitor.open(path))
        assert "₦1,000.50 off each ticket for VIP 0 from Sat 1 May 2027, 08:00 until" in shown

    @pytest.mark.parametrize(
        ("field", "text", "mistake"),
        [
            ("code", "", "This field is needed."),
            ("code", "abc", "at least 4"),
            ("value", "", "This field is needed."),
            ("value", "20%", "Write the amount in digits"),
            ("value", "101", "Must be a whole percentage from 1 to 100"),
            ("value", "0", "greater than 0"),
            ("kind", "half", "percent"),
            ("max_uses", "many", "Write a number in digits"),
            ("max_uses", "0", "greater than or equal to 1"),
            ("valid_until", "soon", "Must be a date and time"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong_and_keeps_the_rest(
        self, visitor: Visitor, path: str, field: str, text: str, mistake: str
    ) -> None:
        form = CODE | {field: text}

        page = visitor.post(f"{path}/new", 422, **form).text

        assert mistake in mistake_at(page, field)
        for name in {"code", "value", "max_uses"} - {field}:
            assert value_of(page, name) == form[name]
        assert "No promo codes yet." in visitor.open(path)

    def test_refuses_letters_the_event_has(self, visitor: Visitor, path: str) -> None:
        visitor.post(f"{path}/new", **CODE)

        page = visitor.post(f"{path}/new", 409, **(CODE | {"code": "earlyBird"})).text

        assert "already has" in mistake_at(page, "code")


class TestChangeCode:
    def test_changes_what_differs(
        self, visitor: Visitor, path: str, services: Services, event_id: EventId, seller: User
    ) -> None:
        visitor.post(f"{path}/new", **CODE, valid_until="2027-05-31T23:59")
        address = re.findall(rf'href="({path}/[0-9]+)"', visitor.open(path))[0]
        page = visitor.open(address)
        assert value_of(page, "valid_until") == "2027-05-31T23:59"

        visitor.post(address, code="LATEBIRD", value="10", max_uses="", valid_until="")

        code = codes_of(services, event_id, seller)[0]
        assert (code.code, code.value, code.max_uses) == ("LATEBIRD", 10, None)
        assert code.valid_until is None

    def test_is_refused_below_its_uses(
        self, visitor: Visitor, path: str, make: Factory, event_id: EventId
    ) -> None:
        visitor.post(f"{path}/new", **CODE)
        for _ in range(2):
            make.order(make.user(), event_id, promo_code="EARLYBIRD")
        address = re.findall(rf'href="({path}/[0-9]+)"', visitor.open(path))[0]

        page = visitor.post(address, 422, **(CODE | {"max_uses": "1"})).text

        assert "at least 2, its uses so far" in mistake_at(page, "max_uses")

    def test_stops_it_and_lets_it_go_on(
        self, visitor: Visitor, path: str, services: Services, event_id: EventId, seller: User
    ) -> None:
        visitor.post(f"{path}/new", **CODE)
        code = codes_of(services, event_id, seller)[0]

        visitor.post(f"{path}/{code.id}/stop", stopped="yes")
        assert "Stopped" in visitor.open(path)
        assert codes_of(services, event_id, seller)[0].is_stopped
        visitor.post(f"{path}/{code.id}/stop", stopped="no")

        assert not codes_of(services, event_id, seller)[0].is_stopped

    def test_deletes_it_unless_there_are_orders(
        self,
        visitor: Visitor,
        path: str,
        services: Services,
        event_id: EventId,
        seller: User,
        make: Factory,
    ) -> None:
        visitor.post(f"{path}/new", **CODE)
        visitor.post(f"{path}/new", **(CODE | {"code": "UNUSED"}))
        used, unused = codes_of(services, event_id, seller)
        make.order(make.user(), event_id, promo_code="EARLYBIRD")

        visitor.post(f"{path}/{unused.id}/delete")
        refused = visitor.post(f"{path}/{used.id}/delete", 409).text

        assert [each.code for each in codes_of(services, event_id, seller)] == ["EARLYBIRD"]
        assert "Stop it instead" in refused
        assert "Delete" not in visitor.open(path)


class TestRights:
    ADDRESSES = ("/new", "/1", "/1/stop", "/1/delete")

    def test_of_another_organization_are_none(
        self, visitor: Visitor, path: str, make: Factory
    ) -> None:
        visitor.post(f"{path}/new", **CODE)
        rival = signed_in(visitor, make.user(role=Role.ORGANIZER))

        assert "EARLYBIRD" not in rival.open(path, 404)
        for address in self.ADDRESSES:
            rival.post(path + address, 404, **CODE)
        assert "20%" in visitor.open(path)

    def test_of_one_event_do_not_reach_codes_of_another(
        self, visitor: Visitor, path: str, make: Factory, seller: User
    ) -> None:
        visitor.post(f"{path}/new", **CODE)
        other = f"/manage/events/{make.event(organizer=seller).id}/promo-codes"

        visitor.open(f"{other}/1", 404)
        for address in self.ADDRESSES[1:]:
            visitor.post(other + address, 404, **CODE)
        assert "20%" in visitor.open(path)

    def test_to_see_are_not_those_to_change(
        self, visitor: Visitor, seller: User, make: Factory, services: Services
    ) -> None:
        band = Band(services, make, owner=seller)
        event = make.event(organizer=seller, organization_id=band.id)
        path = f"/manage/events/{event.id}/promo-codes"
        visitor.open(path)
        visitor.post(f"{path}/new", **CODE)
        finance, checker = (
            signed_in(visitor, band.member(role))
            for role in (OrganizationRole.FINANCE, OrganizationRole.CHECKER)
        )

        shown = finance.open(path)
        assert "EARLYBIRD" in shown
        assert "Create a promo code" not in shown
        finance.open(f"{path}/new", 403)
        for address in self.ADDRESSES:
            finance.post(path + address, 403, **CODE)
        checker.open(path, 403)

    def test_lead_to_signing_in_first(self, visitor: Visitor, path: str) -> None:
        nobody = Visitor(visitor.api)

        answer = nobody.post(f"{path}/new", **CODE)

        assert answer.headers["location"].startswith("/sign-in")


def test_hostile_text_is_shown_as_text(visitor: Visitor, path: str) -> None:
    visitor.post(f"{path}/new", **(CODE | {"code": HOSTILE}))

    pages = [visitor.open(path), visitor.open(f"{path}/1")]
    pages.append(visitor.post(f"{path}/new", 422, **dict.fromkeys(CODE, HOSTILE)).text)

    for page in pages:
        assert "alert(" in page
        assert "<script" not in page
        assert "49 " not in page
