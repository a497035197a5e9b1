"""No order costs more than Paystack charges at once, and no price asks for it."""

from decimal import Decimal
from typing import Any

import httpx
import pytest

from app.domain.errors import (
    OrderValueInvalid,
    PriceNotPayable,
    QuantityNotAllowed,
)
from app.domain.events.changes import EventChanges, TicketTypeChanges
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import DiscountKind, Role, WaitingState
from app.http.services import Services
from app.models.users.users import User
from app.services.events.promo_codes import NewPromoCode
from app.services.events.ticket_types import NewTicketType
from tests.api.answers import code_of, pointers_of
from tests.conftest import LogIn
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway
from tests.support.lines import Line, change_type, join

pytestmark = pytest.mark.usefixtures("audited")

LARGEST = "10000000"


def pointers(refusal: OrderValueInvalid | PriceNotPayable) -> list[str]:
    errors = refusal.facts["errors"]
    assert isinstance(errors, list)
    return [error["pointer"] for error in errors]


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


class TestOrders:
    def test_are_refused_before_places_are_held(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event(price=LARGEST)

        with pytest.raises(OrderValueInvalid, match="10,000,000") as refused:
            make.order(ada, event.id, quantity=2)
        with pytest.raises(OrderValueInvalid):
            make.pay(ada, event.id, quantity=2)

        assert pointers(refused.value) == ["/items"]
        assert services.events.get(event.id).places_left == 100
        assert gateway.charges == {}
        make.buy(ada, event.id)

    def test_of_several_types_are_added_up(self, services: Services, make: Factory) -> None:
        types = [NewTicketType(name=name, price=Decimal(6_000_000)) for name in ("A", "B")]
        event = make.event(ticket_types=types)
        both = [RequestedItem(ticket_type_id=t.id, quantity=1) for t in event.ticket_types]

        with pytest.raises(OrderValueInvalid):
            services.orders.place(
                buyer=make.user(), order_request=OrderRequest(event_id=event.id, items=both)
            )

    def test_may_come_below_it_by_a_promo_code(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, price=LARGEST)
        half = NewPromoCode(code="HALF", kind=DiscountKind.PERCENT, value=Decimal(50), max_uses=1)
        code = services.promo_codes.create(event_id=event.id, organizer=organizer, new=half)
        with pytest.raises(OrderValueInvalid):
            make.order(make.user(), event.id, quantity=3, promo_code=code.code)

        order = make.order(make.user(), event.id, quantity=2, promo_code=code.code)

        assert order.total_minor == int(LARGEST) * 100


class TestPrices:
    @pytest.mark.parametrize("new", [{"price": "5000000.01"}, {"price": LARGEST}])
    def test_of_the_fewest_tickets_of_an_order_can_be_paid(
        self, services: Services, make: Factory, organizer: User, new: dict[str, str]
    ) -> None:
        event = make.event(organizer=organizer)
        two = NewTicketType(name="Pairs", price=Decimal(new["price"]), min_per_order=2)

        with pytest.raises(PriceNotPayable, match=r"5,000,000\.00") as refused:
            services.ticket_types.add(event_id=event.id, organizer=organizer, new=two)

        assert pointers(refused.value) == ["/ticket_price"]

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"price": Decimal(LARGEST)}, "/ticket_price"),
            ({"min_per_order": 3}, "/min_per_order"),
            ({"price": Decimal(4_000_000), "min_per_order": 3}, "/ticket_price"),
        ],
    )
    def test_stay_so_when_a_type_changes(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        changes: dict[str, Any],
        field: str,
    ) -> None:
        pairs = NewTicketType(name="Pairs", price=Decimal(5_000_000), min_per_order=2)
        event = make.event(organizer=organizer, ticket_types=[pairs])

        with pytest.raises(PriceNotPayable) as refused:
            services.ticket_types.edit(
                event_id=event.id,
                ticket_type_id=event.ticket_types[0].id,
                organizer=organizer,
                changes=TicketTypeChanges(**changes),
            )

        assert pointers(refused.value) == [field]

    def test_stay_so_when_the_event_changes(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        pairs = NewTicketType(name="Pairs", price=Decimal(5_000_000), min_per_order=2)
        event = make.event(organizer=organizer, ticket_types=[pairs])

        with pytest.raises(PriceNotPayable):
            services.events.edit(
                event_id=event.id,
                organizer=organizer,
                changes=EventChanges(price=Decimal(LARGEST)),
            )


class TestWaiting:
    def test_is_refused_for_more_than_can_be_charged(
        self, services: Services, make: Factory
    ) -> None:
        event = make.event(price=LARGEST, capacity=2)
        for _ in range(2):
            make.order(make.user(), event.id)

        with pytest.raises(QuantityNotAllowed, match="1 to 1"):
            join(services, make.user(), event, 2)

    def test_ends_when_the_price_rises_above_it(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        line = Line(make, make.event(organizer=organizer, capacity=2))
        ada, bola = make.user(), make.user()
        line.join(ada, 2)
        change_type(line, organizer, {"price": Decimal(LARGEST)})
        line.free()

        make.work()

        assert line.states(ada) == [WaitingState.ENDED]
        make.order(bola, line.event.id)


class TestOverHttp:
    @pytest.mark.parametrize("path", ["/orders/", "/payments/pay"])
    def test_names_the_field(
        self, api: httpx.Client, make: Factory, log_in: LogIn, path: str
    ) -> None:
        event = make.event(price=LARGEST)
        item = {"ticket_type_id": event.ticket_types[0].id, "quantity": 2}
        order_request = {"event_id": event.id, "items": [item]}

        refused = api.post(path, json=order_request, headers=log_in("ada"))

        assert code_of(refused) == (422, "order-value-invalid")
        assert pointers_of(refused) == ["/items"]
