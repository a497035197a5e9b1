import pytest

from app.domain.errors import EventNotFound, OrderNotFound, OrderNotPending
from app.domain.listings import EventListing
from app.domain.states import OrderStatus, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.orders.event_orders import OrderFilter
from tests.support.factories import Factory
from tests.support.fakes import FakeGateway

pytestmark = pytest.mark.usefixtures("audited")


class TestOfEvent:
    def test_shows_the_organizer_who_holds_places(
        self, services: Services, make: Factory, jazz_organizer: User, jazz: EventListing
    ) -> None:
        paid = make.event(organizer=jazz_organizer)
        ada = make.user()
        make.buy(ada, paid.id)
        pending = make.order(ada, paid.id)
        make.order(ada, make.event().id)

        page = services.event_orders.page(
            event_id=paid.id,
            organizer=jazz_organizer,
            which=OrderFilter(status=OrderStatus.PENDING),
            after=None,
            limit=20,
        )

        assert [(one.order.id, one.username) for one in page.items] == [(pending.id, ada.username)]

    def test_is_the_organizers(self, services: Services, make: Factory, jazz: EventListing) -> None:
        with pytest.raises(EventNotFound):
            services.event_orders.page(
                event_id=jazz.id,
                organizer=make.user(role=Role.ORGANIZER),
                which=OrderFilter(),
                after=None,
                limit=20,
            )


class TestRelease:
    def test_puts_the_places_back_on_sale(
        self, services: Services, make: Factory, jazz_organizer: User
    ) -> None:
        event = make.event(organizer=jazz_organizer, capacity=1)
        held = make.order(make.user(), event.id)

        services.orders.release(event_id=event.id, organizer=jazz_organizer, order_id=held.id)

        make.order(make.user(), event.id)
        detail = services.orders.get(buyer_id=held.buyer_id, order_id=held.id)
        assert detail.order.status == OrderStatus.CANCELLED
        assert detail.history[-1].actor == f"user:{jazz_organizer.id}"

    def test_settles_what_was_paid_instead(
        self, services: Services, make: Factory, gateway: FakeGateway, jazz_organizer: User
    ) -> None:
        event, ada = make.event(organizer=jazz_organizer), make.user()
        opened = make.pay(ada, event.id)

        with pytest.raises(OrderNotPending):
            services.orders.release(
                event_id=event.id, organizer=jazz_organizer, order_id=opened.order.id
            )

        paid = services.orders.get(buyer_id=ada.id, order_id=opened.order.id)
        assert paid.order.status == OrderStatus.PAID

    def test_is_for_orders_of_ones_own_event(
        self, services: Services, make: Factory, jazz_organizer: User, jazz: EventListing
    ) -> None:
        other = make.order(make.user(), make.event().id)

        with pytest.raises(OrderNotFound):
            services.orders.release(event_id=jazz.id, organizer=jazz_organizer, order_id=other.id)
        with pytest.raises(EventNotFound):
            services.orders.release(
                event_id=other.event_id, organizer=jazz_organizer, order_id=other.id
            )
