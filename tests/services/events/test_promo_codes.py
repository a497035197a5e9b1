from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import (
    EventValueInvalid,
    OrderValueInvalid,
    PaymentRefunded,
    PromoCodeNotBegun,
    PromoCodeNotFound,
    PromoCodeTaken,
    PromoCodeUsedUp,
    TicketTypeNotFound,
    TooManyPromoCodes,
)
from app.domain.ids import EventId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import DiscountKind, OrderStatus, Role
from app.http.services import Services
from app.models.events.promo_codes import PromoCode
from app.models.users.users import User
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeGateway

pytestmark = pytest.mark.usefixtures("audited")


def percent(value: int, *, max_uses: int | None = None) -> NewPromoCode:
    return NewPromoCode(
        code="EARLYBIRD", kind=DiscountKind.PERCENT, value=Decimal(value), max_uses=max_uses
    )


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


class Codes:
    """The codes of one event."""

    def __init__(self, services: Services, organizer: User, event_id: EventId) -> None:
        self._services = services
        self._organizer = organizer
        self.event_id = event_id

    def create(self, new: NewPromoCode) -> PromoCode:
        return self._services.promo_codes.create(
            event_id=self.event_id, organizer=self._organizer, new=new
        )

    def used(self) -> int:
        (code,) = self._services.promo_codes.all_of(
            event_id=self.event_id, organizer=self._organizer
        )
        return code.used


@pytest.fixture
def codes(services: Services, make: Factory, organizer: User) -> Codes:
    """The codes of an event whose tickets cost 2,500."""
    return Codes(services, organizer, make.event(organizer=organizer, price="2500").id)


class TestCreate:
    def test_refuses_what_makes_no_sense(self, make: Factory, codes: Codes) -> None:
        codes.create(percent(10))
        others_type = make.event().ticket_types[0].id

        with pytest.raises(PromoCodeTaken):
            codes.create(percent(20))
        with pytest.raises(EventValueInvalid):
            codes.create(
                NewPromoCode(code="HALF", kind=DiscountKind.PERCENT, value=Decimal("12.5"))
            )
        with pytest.raises(EventValueInvalid):
            codes.create(
                NewPromoCode(
                    code="NEVER",
                    kind=DiscountKind.FIXED,
                    value=Decimal(1),
                    valid_from=START,
                    valid_until=START,
                )
            )
        with pytest.raises(TicketTypeNotFound):
            codes.create(
                NewPromoCode(
                    code="OTHERS",
                    kind=DiscountKind.FIXED,
                    value=Decimal(1),
                    ticket_type_ids=[others_type],
                )
            )


class TestDiscount:
    @pytest.mark.parametrize(
        ("kind", "value", "total"),
        [
            (DiscountKind.PERCENT, "33", 2 * (100_001 - 33_001)),
            (DiscountKind.FIXED, "100.50", 2 * (100_001 - 10_050)),
            (DiscountKind.FIXED, "5000", 0),
            (DiscountKind.PERCENT, "100", 0),
        ],
    )
    def test_is_taken_off_each_ticket_and_what_is_left_rounded_down(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        kind: DiscountKind,
        value: str,
        total: int,
    ) -> None:
        event = make.event(organizer=organizer, price="1000.01")
        codes = Codes(services, organizer, event.id)
        codes.create(NewPromoCode(code="LESS", kind=kind, value=Decimal(value)))

        order = make.order(make.user(), event.id, quantity=2, promo_code="less")

        assert (order.total_minor, order.discount_minor) == (total, 200_002 - total)
        assert order.status == (OrderStatus.PAID if total == 0 else OrderStatus.PENDING)

    def test_is_for_the_types_it_is_bound_to(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        types = [NewTicketType(name=name, price=Decimal(1_000)) for name in ("A", "B")]
        event = make.event(organizer=organizer, ticket_types=types)
        a, b = (t.id for t in event.ticket_types)
        Codes(services, organizer, event.id).create(
            NewPromoCode(
                code="ONLYB", kind=DiscountKind.PERCENT, value=Decimal(50), ticket_type_ids=[b]
            )
        )
        ada = make.user()

        def place(*type_ids: int) -> int:
            items = [RequestedItem(ticket_type_id=t, quantity=1) for t in (a, b) if t in type_ids]
            order_request = OrderRequest(event_id=event.id, items=items, promo_code="ONLYB")
            return services.orders.place(buyer=ada, order_request=order_request).order.total_minor

        assert place(a, b) == 150_000
        with pytest.raises(PromoCodeNotFound):
            place(a)

    def test_is_refused_when_it_leaves_less_than_paystack_charges(
        self, services: Services, make: Factory, codes: Codes
    ) -> None:
        codes.create(percent(99))

        with pytest.raises(OrderValueInvalid, match="Paystack"):
            make.order(make.user(), codes.event_id, promo_code="EARLYBIRD")

        assert codes.used() == 0
        assert services.events.get(codes.event_id).places_left == 100

    def test_is_given_inside_its_window(
        self, make: Factory, codes: Codes, clock: FakeClock
    ) -> None:
        codes.create(
            NewPromoCode(
                code="EARLYBIRD",
                kind=DiscountKind.PERCENT,
                value=Decimal(10),
                valid_from=START + timedelta(hours=1),
                valid_until=START + timedelta(hours=2),
            )
        )
        ada = make.user()

        with pytest.raises(PromoCodeNotBegun) as refused:
            make.order(ada, codes.event_id, promo_code="EARLYBIRD")
        clock.advance(timedelta(hours=1))
        make.order(ada, codes.event_id, promo_code="EARLYBIRD")
        clock.advance(timedelta(hours=1))
        with pytest.raises(PromoCodeUsedUp):
            make.order(ada, codes.event_id, promo_code="EARLYBIRD")

        assert refused.value.facts["valid_from"] == START + timedelta(hours=1)


class TestUses:
    def test_are_counted_when_held_and_given_back_when_released(
        self, services: Services, make: Factory, codes: Codes
    ) -> None:
        codes.create(percent(10, max_uses=1))
        ada = make.user()
        order = make.order(ada, codes.event_id, quantity=3, promo_code="EARLYBIRD")
        with pytest.raises(PromoCodeUsedUp):
            make.order(make.user(), codes.event_id, promo_code="EARLYBIRD")

        services.orders.cancel(buyer_id=ada.id, order_id=order.id)

        assert codes.used() == 0
        make.order(make.user(), codes.event_id, promo_code="EARLYBIRD")

    @pytest.mark.parametrize("others_took_it", [False, True])
    def test_are_counted_again_for_money_that_comes_late(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        codes: Codes,
        others_took_it: bool,
    ) -> None:
        codes.create(percent(10, max_uses=1))
        gateway.pays_at_once = False
        ada = make.user()
        order = make.order(ada, codes.event_id, promo_code="EARLYBIRD")
        reference = make.pay_order(ada, order).payment.reference
        clock.advance(timedelta(minutes=15))
        assert services.holds.expire() == 1
        if others_took_it:
            make.order(make.user(), codes.event_id, promo_code="EARLYBIRD")

        gateway.pay(reference)
        settlement = services.settlement.settle(reference)

        if others_took_it:
            with pytest.raises(PaymentRefunded):
                settlement.ensure_paid()
        else:
            settlement.ensure_paid()
        assert codes.used() == 1


class TestGuessing:
    def test_ends_after_ten_wrong_codes_also_for_the_right_one(
        self, make: Factory, codes: Codes, clock: FakeClock
    ) -> None:
        codes.create(percent(10))
        ada = make.user()
        for number in range(10):
            with pytest.raises(PromoCodeNotFound):
                make.order(ada, codes.event_id, promo_code=f"WRONG{number}")

        with pytest.raises(TooManyPromoCodes) as refused:
            make.order(ada, codes.event_id, promo_code="EARLYBIRD")

        make.order(ada, codes.event_id)
        make.order(make.user(), codes.event_id, promo_code="EARLYBIRD")
        clock.advance(refused.value.retry_after)
        make.order(ada, codes.event_id, promo_code="EARLYBIRD")
