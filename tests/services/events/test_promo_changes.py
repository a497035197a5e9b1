"""What organizers do with promo codes they have handed out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from app.domain.errors import (
    EventNotFound,
    EventValueInvalid,
    PromoCodeHasOrders,
    PromoCodeNotFound,
    PromoCodeTaken,
    PromoCodeUsedUp,
    TicketTypeNotFound,
)
from app.domain.events.changes import PromoCodeChanges
from app.domain.listings import EventListing
from app.domain.states import DiscountKind, Role
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.services.events.promo_codes import NewPromoCode
from tests.support.factories import Factory
from tests.support.fakes import START, FakeGateway
from tests.support.news import Edits

pytestmark = pytest.mark.usefixtures("audited")

Edit = Callable[..., PromoCode]


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def gala(make: Factory, organizer: User) -> EventListing:
    """An event whose tickets cost 2,500."""
    return make.event(organizer=organizer, price="2500", refund_hours=0)


@pytest.fixture
def create(services: Services, organizer: User, gala: EventListing) -> Edit:
    def create(**values: Any) -> PromoCode:
        standard = {"code": "GUEST", "kind": DiscountKind.PERCENT, "value": Decimal(10)}
        new = NewPromoCode(**{**standard, **values})
        return services.promo_codes.create(event_id=gala.id, organizer=organizer, new=new)

    return create


@pytest.fixture
def guest(create: Edit) -> PromoCode:
    return create()


@pytest.fixture
def edit(services: Services, organizer: User, gala: EventListing, guest: PromoCode) -> Edit:
    def edit(**changes: Any) -> PromoCode:
        return services.promo_codes.edit(
            event_id=gala.id,
            promo_code_id=guest.id,
            organizer=organizer,
            changes=PromoCodeChanges(**changes),
        )

    return edit


class TestEdit:
    def test_is_for_orders_from_now_on(
        self, services: Services, make: Factory, gala: EventListing, edit: Edit
    ) -> None:
        ada = make.user()
        before = make.order(ada, gala.id, promo_code="GUEST")

        edit(value=Decimal(50), code="FRIENDS")

        after = make.order(ada, gala.id, promo_code="friends")
        kept = services.orders.get(order_id=before.id, buyer_id=ada.id).order
        assert (kept.discount_minor, after.discount_minor) == (25_000, 125_000)
        with pytest.raises(PromoCodeNotFound):
            make.order(ada, gala.id, promo_code="GUEST")

    def test_stops_a_code_and_lets_it_go_on(
        self, make: Factory, gala: EventListing, edit: Edit
    ) -> None:
        ada = make.user()

        assert edit(is_stopped=True).is_stopped
        with pytest.raises(PromoCodeUsedUp):
            make.order(ada, gala.id, promo_code="GUEST")

        edit(is_stopped=False)
        make.order(ada, gala.id, promo_code="GUEST")

    def test_allows_no_fewer_uses_than_there_are(
        self, make: Factory, gala: EventListing, edit: Edit
    ) -> None:
        for _ in range(2):
            make.order(make.user(), gala.id, promo_code="GUEST")

        with pytest.raises(EventValueInvalid, match="at least 2"):
            edit(max_uses=1)
        edit(max_uses=2)

        with pytest.raises(PromoCodeUsedUp):
            make.order(make.user(), gala.id, promo_code="GUEST")

    def test_refuses_what_makes_no_sense(self, make: Factory, create: Edit, edit: Edit) -> None:
        create(code="OTHER")
        others_type = make.event().ticket_types[0].id

        for changes in (
            {"value": Decimal(101)},
            {"valid_from": START, "valid_until": START},
        ):
            with pytest.raises(EventValueInvalid):
                edit(**changes)
        with pytest.raises(PromoCodeTaken):
            edit(code="other")
        with pytest.raises(TicketTypeNotFound):
            edit(ticket_type_ids=[others_type])

    def test_is_for_its_organizer_and_its_event(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        guest: PromoCode,
        gala: EventListing,
    ) -> None:
        other = make.event(organizer=organizer)
        rival = make.user(role=Role.ORGANIZER)

        for event_id, caller, refusal in (
            (other.id, organizer, PromoCodeNotFound),
            (gala.id, rival, EventNotFound),
        ):
            with pytest.raises(refusal):
                services.promo_codes.edit(
                    event_id=event_id,
                    promo_code_id=guest.id,
                    organizer=caller,
                    changes=PromoCodeChanges(is_stopped=True),
                )
            with pytest.raises(refusal):
                services.promo_codes.delete(
                    event_id=event_id, promo_code_id=guest.id, organizer=caller
                )


class TestWindow:
    @pytest.mark.parametrize("changes_it", [False, True])
    def test_is_local_to_the_event(self, create: Edit, edit: Edit, changes_it: bool) -> None:
        window = {
            "valid_from": datetime(2027, 3, 2, 9, 0),  # noqa: DTZ001  (local time)
            "valid_until": datetime(2027, 3, 3),  # noqa: DTZ001  (local time)
        }

        code = edit(**window) if changes_it else create(code="LOCAL", **window)

        assert code.valid_from is not None
        assert code.valid_until is not None
        assert code.valid_from.isoformat() == "2027-03-02T08:00:00+00:00"
        assert code.valid_until.isoformat() == "2027-03-02T23:00:00+00:00"


class TestDelete:
    def test_ends_a_code_nobody_used(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        gala: EventListing,
        guest: PromoCode,
    ) -> None:
        services.promo_codes.delete(event_id=gala.id, promo_code_id=guest.id, organizer=organizer)

        assert not services.promo_codes.all_of(event_id=gala.id, organizer=organizer)
        with pytest.raises(PromoCodeNotFound):
            make.order(make.user(), gala.id, promo_code="GUEST")

    def test_keeps_a_code_that_an_order_was_placed_with(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        gala: EventListing,
        guest: PromoCode,
    ) -> None:
        ada = make.user()
        order = make.order(ada, gala.id, promo_code="GUEST")
        services.orders.cancel(order_id=order.id, buyer_id=ada.id)

        with pytest.raises(PromoCodeHasOrders, match="is_stopped"):
            services.promo_codes.delete(
                event_id=gala.id, promo_code_id=guest.id, organizer=organizer
            )


class TestCurrency:
    def test_takes_codes_of_a_fixed_amount_with_it(
        self, services: Services, organizer: User, gala: EventListing, create: Edit
    ) -> None:
        create(code="FIXED", kind=DiscountKind.FIXED, value=Decimal(2000))
        create(code="TENTH")

        Edits(services, organizer, gala.id)(
            currency="USD", starts_at=gala.starts_at + timedelta(days=1)
        )

        codes = services.promo_codes.all_of(event_id=gala.id, organizer=organizer)
        assert [code.code for code in codes] == ["TENTH"]


class TestMovedEvent:
    def test_lets_a_code_whose_end_would_have_passed_last_until_it_begins(
        self, services: Services, organizer: User, gala: EventListing, edit: Edit
    ) -> None:
        edit(valid_from=START - timedelta(days=1), valid_until=START + timedelta(days=20))
        soon = START + timedelta(days=2)

        Edits(services, organizer, gala.id)(starts_at=soon)

        assert edit(value=Decimal(20)).valid_until == soon


class TestUse:
    def test_returns_when_the_last_ticket_is_given_back(
        self, services: Services, make: Factory, gala: EventListing, create: Edit
    ) -> None:
        create(code="ONCE", value=Decimal(100), max_uses=1)
        ada, bola = make.user(), make.user()
        order = make.order(ada, gala.id, quantity=2, promo_code="ONCE")
        tickets = services.orders.get(order_id=order.id, buyer_id=ada.id).tickets

        def request_refund(number: int) -> None:
            services.refund_requests.request_refund(
                order_id=order.id,
                caller=ada,
                ticket_ids=[tickets[number].id],
                reason="requested",
            )

        request_refund(0)
        with pytest.raises(PromoCodeUsedUp):
            make.order(bola, gala.id, promo_code="ONCE")

        request_refund(1)
        make.order(bola, gala.id, promo_code="ONCE")

    def test_returns_when_the_event_is_called_off(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        organizer: User,
        gala: EventListing,
        guest: PromoCode,
    ) -> None:
        order = make.order(ada := make.user(), gala.id, promo_code="GUEST")
        reference = make.pay_order(ada, order).payment.reference
        gateway.pay(reference)
        services.settlement.settle(reference).ensure_paid()
        services.events.cancel(event_id=gala.id, organizer=organizer, dry_run=False)

        make.work()

        (code,) = services.promo_codes.all_of(event_id=gala.id, organizer=organizer)
        assert code.used == 0
