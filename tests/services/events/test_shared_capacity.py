from decimal import Decimal

import pytest

from app.domain.errors import CapacityTooSmall, SoldOut
from app.domain.events.changes import EventChanges
from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory

pytestmark = pytest.mark.usefixtures("audited")

REGULAR = NewTicketType(name="Regular", price=Decimal(2_500), capacity=5)
VIP = NewTicketType(name="VIP", price=Decimal(10_000), capacity=2)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


def some(event_id: EventId, type_id: TicketTypeId, quantity: int) -> OrderRequest:
    return OrderRequest(
        event_id=event_id, items=[RequestedItem(ticket_type_id=type_id, quantity=quantity)]
    )


class TestSharedCapacity:
    def test_bounds_all_types_together(self, services: Services, make: Factory) -> None:
        event = make.event(ticket_types=[REGULAR, VIP], shared_capacity=3)
        regular, vip = (t.id for t in event.ticket_types)
        ada = make.user()
        services.orders.place(buyer=ada, order_request=some(event.id, regular, 2))

        with pytest.raises(SoldOut):
            services.orders.place(buyer=ada, order_request=some(event.id, vip, 2))

        services.orders.place(buyer=ada, order_request=some(event.id, vip, 1))
        assert services.events.get(event.id).places_left == 0

    def test_can_be_set_changed_and_lifted_during_the_sale(
        self, services: Services, make: Factory, organizer: User
    ) -> None:
        event = make.event(organizer=organizer, ticket_types=[REGULAR, VIP])
        ada = make.user()
        make.buy(ada, event.id)
        order = make.order(ada, event.id, quantity=2)

        def share(capacity: int | None) -> int | None:
            changes = EventChanges(shared_capacity=capacity)
            return services.events.edit(
                event_id=event.id, organizer=organizer, changes=changes
            ).places_left

        with pytest.raises(CapacityTooSmall):
            share(2)
        assert share(4) == 1
        services.orders.cancel(buyer_id=ada.id, order_id=order.id)
        assert services.events.get(event.id).places_left == 3
        assert share(1) == 0
        with pytest.raises(SoldOut):
            make.order(ada, event.id)
        assert share(None) == 6
        make.buy(ada, event.id, quantity=2)
        assert share(3) == 0
