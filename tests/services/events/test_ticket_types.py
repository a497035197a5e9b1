from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import (
    CapacityTooSmall,
    EventHasOrders,
    EventNotFound,
    EventValueInvalid,
    LastTicketType,
    PriceNotPayable,
    QuantityNotAllowed,
    SalesClosed,
    SoldOut,
    TicketTypeNameTaken,
    TicketTypeNotFound,
)
from app.domain.events.changes import TicketTypeChanges
from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock
from tests.support.news import Edits

pytestmark = pytest.mark.usefixtures("audited")

REGULAR = NewTicketType(name="Regular", price=Decimal(2_500), capacity=5)
VIP = NewTicketType(name="VIP", price=Decimal(10_000), capacity=2)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


def one(
    event_id: EventId, type_id: TicketTypeId, *, quantity: int = 1, code: str = ""
) -> OrderRequest:
    return OrderRequest(
        event_id=event_id,
        items=[RequestedItem(ticket_type_id=type_id, quantity=quantity)],
        access_code=code or None,
    )


class TestAdd:
    def test_sells_beside_the_others_and_shows_the_lowest_price(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, ticket_types=[VIP])

        added = services.ticket_types.add(event_id=event.id, organizer=organizer, new=REGULAR)

        shown = services.events.get(event.id)
        assert [t.name for t in shown.ticket_types] == ["VIP", "Regular"]
        assert (shown.price_minor, shown.capacity, shown.places_left) == (250_000, 7, 7)
        order = services.orders.place(buyer=organizer, order_request=one(event.id, added.id)).order
        assert order.total_minor == 250_000

    def test_refuses_a_name_that_is_taken_whatever_its_case(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, ticket_types=[VIP])

        with pytest.raises(TicketTypeNameTaken):
            services.ticket_types.add(
                event_id=event.id,
                organizer=organizer,
                new=NewTicketType(name="vip", price=Decimal(100)),
            )

    def test_refuses_another_organizers_event(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer)

        with pytest.raises(EventNotFound):
            services.ticket_types.add(
                event_id=event.id, organizer=make.user(role=Role.ORGANIZER), new=VIP
            )

    @pytest.mark.parametrize(
        ("new", "refusal"),
        [
            (NewTicketType(name="X", price=Decimal("0.01")), PriceNotPayable),
            (
                NewTicketType(name="X", price=Decimal(0), min_per_order=3, max_per_order=2),
                EventValueInvalid,
            ),
            (
                NewTicketType(name="X", price=Decimal(0), capacity=2, min_per_order=3),
                EventValueInvalid,
            ),
            (NewTicketType(name="X", price=Decimal(0), min_per_order=5), EventValueInvalid),
            (NewTicketType(name="X", price=Decimal(0), min_per_order=9), EventValueInvalid),
            (
                NewTicketType(
                    name="X", price=Decimal(0), sales_open_at=START, sales_close_at=START
                ),
                EventValueInvalid,
            ),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self,
        services: Services,
        make: Factory,
        organizer: User,
        new: NewTicketType,
        refusal: type[Exception],
    ) -> None:
        event = make.event(organizer=organizer, max_per_buyer=8, shared_capacity=4)

        with pytest.raises(refusal):
            services.ticket_types.add(event_id=event.id, organizer=organizer, new=new)


class TestSaleRules:
    def test_sell_inside_the_window_only(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        ada = make.user()
        early = NewTicketType(
            name="Early",
            price=Decimal(1_000),
            sales_open_at=START + timedelta(hours=1),
            sales_close_at=START + timedelta(hours=2),
        )
        event = make.event(ticket_types=[early])
        order_request = make.order_request(event.id)
        with pytest.raises(SalesClosed):
            services.orders.place(buyer=ada, order_request=order_request)

        clock.advance(timedelta(hours=1))
        services.orders.place(buyer=ada, order_request=order_request)

        clock.advance(timedelta(hours=1))
        with pytest.raises(SalesClosed):
            services.orders.place(buyer=ada, order_request=order_request)

    @pytest.mark.parametrize(
        ("quantity", "is_sold"), [(1, False), (2, True), (4, True), (5, False)]
    )
    def test_sell_between_the_fewest_and_the_most(
        self, services: Services, make: Factory, quantity: int, is_sold: bool
    ) -> None:
        table = NewTicketType(name="Table", price=Decimal(0), min_per_order=2, max_per_order=4)
        order_request = make.order_request(make.event(ticket_types=[table]).id, quantity=quantity)

        if is_sold:
            assert (
                services.orders.place(buyer=make.user(), order_request=order_request).order.quantity
                == quantity
            )
        else:
            with pytest.raises(QuantityNotAllowed):
                services.orders.place(buyer=make.user(), order_request=order_request)

    def test_hide_a_type_from_those_without_its_code(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        hidden = NewTicketType(name="Crew", price=Decimal(100), access_code="Backstage")
        event = make.event(organizer=organizer, ticket_types=[VIP, hidden])
        _, crew = services.ticket_types.all_of(event_id=event.id, organizer=organizer)
        ada = make.user()
        edited = Edits(services, organizer, event.id)(location="Terra Kulture")

        for answer in (event, edited):
            assert [t.name for t in answer.ticket_types] == ["VIP", "Crew"]
        assert [t.name for t in services.events.get(event.id).ticket_types] == ["VIP"]
        assert services.events.get(event.id).price_minor == 1_000_000
        for code in ("", "wrong"):
            with pytest.raises(TicketTypeNotFound):
                services.orders.place(buyer=ada, order_request=one(event.id, crew.id, code=code))
        detail = services.orders.place(
            buyer=ada, order_request=one(event.id, crew.id, code="backstage")
        )
        assert detail.order.total_minor == 10_000

    def test_give_who_names_no_type_the_first_one_on_sale(
        self, services: Services, make: Factory
    ) -> None:
        over = NewTicketType(name="Early", price=Decimal(100), sales_close_at=START)
        event = make.event(ticket_types=[over, VIP])

        order = services.orders.place(
            buyer=make.user(), order_request=OrderRequest(event_id=event.id)
        ).order

        assert order.total_minor == 1_000_000


class TestEdit:
    def test_never_takes_a_place_that_is_held_or_sold(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, ticket_types=[REGULAR])
        make.buy(make.user(), event.id)
        make.order(make.user(), event.id, quantity=2)
        regular = event.ticket_types[0].id

        def set_capacity(capacity: int | None) -> int | None:
            return services.ticket_types.edit(
                event_id=event.id,
                ticket_type_id=regular,
                organizer=organizer,
                changes=TicketTypeChanges(capacity=capacity),
            ).places_left

        with pytest.raises(CapacityTooSmall, match="3 places"):
            set_capacity(2)
        assert set_capacity(3) == 0
        with pytest.raises(SoldOut):
            make.order(make.user(), event.id)
        assert set_capacity(None) is None
        make.order(make.user(), event.id, quantity=9)

    def test_leaves_orders_the_price_they_were_placed_at(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        ada, event = make.user(), make.event(organizer=organizer, ticket_types=[REGULAR, VIP])
        order = make.order(ada, event.id)

        services.ticket_types.edit(
            event_id=event.id,
            ticket_type_id=event.ticket_types[0].id,
            organizer=organizer,
            changes=TicketTypeChanges(price=Decimal(99_000)),
        )

        assert services.events.get(event.id).price_minor == 1_000_000
        assert make.pay_order(ada, order).payment.amount_minor == 250_000

    def test_refuses_the_name_of_another_type(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, ticket_types=[REGULAR, VIP])

        with pytest.raises(TicketTypeNameTaken):
            services.ticket_types.edit(
                event_id=event.id,
                ticket_type_id=event.ticket_types[0].id,
                organizer=organizer,
                changes=TicketTypeChanges(name="Vip"),
            )


class TestRemove:
    def test_removes_only_what_nobody_ordered_and_never_the_last(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, ticket_types=[VIP, REGULAR])
        vip, regular = (t.id for t in event.ticket_types)
        make.order(make.user(), event.id)

        def remove(type_id: TicketTypeId) -> None:
            services.ticket_types.remove(
                event_id=event.id, ticket_type_id=type_id, organizer=organizer
            )

        with pytest.raises(EventHasOrders):
            remove(vip)
        remove(regular)
        with pytest.raises(TicketTypeNotFound):
            remove(regular)
        with pytest.raises(LastTicketType):
            remove(vip)
        assert services.events.get(event.id).price_minor == 1_000_000

    def test_refuses_a_type_somebody_waits_for(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, ticket_types=[VIP, REGULAR], shared_capacity=1)
        make.order(make.user(), event.id)
        regular = event.ticket_types[1].id
        services.waiting.join(
            user=make.user(), event_id=event.id, ticket_type_id=regular, quantity=1
        )

        with pytest.raises(EventHasOrders):
            services.ticket_types.remove(
                event_id=event.id, ticket_type_id=regular, organizer=organizer
            )
