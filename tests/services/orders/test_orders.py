from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.errors import (
    BuyerLimitReached,
    OrderNotFound,
    OrderValueInvalid,
    PaymentRefunded,
    SoldOut,
    TicketTypeNotFound,
)
from app.domain.events.changes import EventChanges
from app.domain.ids import EventId, TicketTypeId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import OrderStatus, Role
from app.http.services import Services
from app.repositories.database import Database
from app.services.events.ticket_types import NewTicketType
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway

pytestmark = pytest.mark.usefixtures("audited")

REGULAR = NewTicketType(name="Regular", price=Decimal(2_500), capacity=5)
VIP = NewTicketType(name="VIP", price=Decimal(10_000), capacity=2)


def item(type_id: int, quantity: int = 1, *attendees: str) -> RequestedItem:
    return RequestedItem(
        ticket_type_id=TicketTypeId(type_id), quantity=quantity, attendees=attendees
    )


@pytest.mark.smoke
class TestPlace:
    def test_holds_several_types_in_one_order(self, services: Services, make: Factory) -> None:
        event = make.event(ticket_types=[REGULAR, VIP])
        regular, vip = (t.id for t in event.ticket_types)
        order_request = OrderRequest(event_id=event.id, items=[item(vip), item(regular, 3)])

        order = services.orders.place(buyer=make.user(), order_request=order_request).order

        assert order.total_minor == 3 * 250_000 + 1_000_000
        assert [t.places_left for t in services.events.get(event.id).ticket_types] == [2, 1]

    def test_holds_all_or_nothing(self, services: Services, make: Factory) -> None:
        event = make.event(ticket_types=[REGULAR, VIP])
        regular, vip = (t.id for t in event.ticket_types)
        ada = make.user()

        with pytest.raises(SoldOut) as refused:
            services.orders.place(
                buyer=ada,
                order_request=OrderRequest(
                    event_id=event.id, items=[item(regular, 3), item(vip, 3)]
                ),
            )

        assert refused.value.facts["ticket_type_id"] == vip
        assert services.events.get(event.id).places_left == 7
        assert not services.orders.page(buyer_id=ada.id, after=None, limit=5).items

    def test_puts_the_attendees_on_the_tickets(self, services: Services, make: Factory) -> None:
        ada, event = make.user(), make.event(ticket_types=[REGULAR, VIP])
        regular, vip = (t.id for t in event.ticket_types)
        order_request = OrderRequest(
            event_id=event.id, items=[item(regular, 2, "Ada"), item(vip, 2, "Bola", "Chidi")]
        )
        order = services.orders.place(buyer=ada, order_request=order_request).order

        settlement = services.settlement.settle(make.pay_order(ada, order).payment.reference)

        names = [ticket.attendee_name for ticket in settlement.tickets]
        assert names == ["Ada", None, "Bola", "Chidi"]

    def test_refuses_items_that_make_no_sense(self, services: Services, make: Factory) -> None:
        event, other = make.event(), make.event()
        mine, others = event.ticket_types[0].id, other.ticket_types[0].id
        ada = make.user()

        def place(*items: RequestedItem) -> None:
            services.orders.place(
                buyer=ada, order_request=OrderRequest(event_id=event.id, items=items)
            )

        with pytest.raises(TicketTypeNotFound):
            place(item(others))
        with pytest.raises(OrderValueInvalid, match="once"):
            place(item(mine), item(mine))
        with pytest.raises(OrderValueInvalid, match="attendees"):
            place(item(mine, 1, "Ada", "Bola"))
        assert services.events.get(event.id).places_left == 100

    def test_issues_free_places_at_once(
        self, services: Services, make: Factory, gateway: FakeGateway
    ) -> None:
        ada, event = make.user(), make.event(price="0", capacity=2)

        order = make.order(ada, event.id, quantity=2)

        detail = services.orders.get(buyer_id=ada.id, order_id=order.id)
        assert detail.order.status == OrderStatus.PAID
        assert len(detail.tickets) == 2
        assert not gateway.charges

    def test_notes_who_took_each_step(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        ada, event = make.user(), make.event()
        bought, given_up, forgotten = (make.order(ada, event.id) for _ in range(3))
        services.settlement.settle(make.pay_order(ada, bought).payment.reference)
        services.orders.cancel(buyer_id=ada.id, order_id=given_up.id)
        clock.advance(timedelta(minutes=15))
        make.work()

        def steps(order_id: int) -> list[tuple[str, str]]:
            history = next(
                services.orders.get(buyer_id=ada.id, order_id=order.id).history
                for order in (bought, given_up, forgotten)
                if order.id == order_id
            )
            return [(step.to_status, step.actor) for step in history]

        placed = ("pending", f"buyer:{ada.id}")
        assert steps(bought.id) == [placed, ("paid", "paystack")]
        assert steps(given_up.id) == [placed, ("cancelled", f"buyer:{ada.id}")]
        assert steps(forgotten.id) == [placed, ("expired", "clock")]


class TestShow:
    def test_is_for_the_buyer_only(self, services: Services, make: Factory) -> None:
        order = make.order(make.user(), make.event().id)

        with pytest.raises(OrderNotFound):
            services.orders.get(buyer_id=make.user().id, order_id=order.id)

    def test_pages_through_the_buyers_own_the_newest_first(
        self, services: Services, make: Factory
    ) -> None:
        ada, event = make.user(), make.event()
        placed = [make.order(ada, event.id).id for _ in range(3)]
        make.order(make.user(), event.id)

        first = services.orders.page(buyer_id=ada.id, after=None, limit=2)
        second = services.orders.page(buyer_id=ada.id, after=first.next, limit=2)

        found = [order.id for order in (*first.items, *second.items)]
        assert found == placed[::-1]
        assert second.next is None


class TestMove:
    def test_refuses_a_step_no_order_takes(
        self, database: Database, make: Factory, clock: FakeClock
    ) -> None:
        order = make.order(make.user(), make.event().id)

        with pytest.raises(ValueError, match="never goes"), database.writing() as work:
            work.orders.move(
                order,
                from_=OrderStatus.PENDING,
                to=OrderStatus.REFUNDED,
                actor="clock",
                now=clock.now(),
            )


class TestBuyerLimit:
    @pytest.fixture
    def event_id(self, make: Factory) -> EventId:
        """An event of which a buyer may have two places."""
        return make.event(max_per_buyer=2).id

    def test_counts_held_and_bought_places_of_one_buyer(
        self, make: Factory, event_id: EventId
    ) -> None:
        ada = make.user()
        make.buy(ada, event_id)
        make.order(ada, event_id)

        with pytest.raises(BuyerLimitReached):
            make.order(ada, event_id)
        make.order(make.user(), event_id, quantity=2)

    def test_gives_back_what_was_released_or_refunded(
        self, services: Services, make: Factory, event_id: EventId
    ) -> None:
        ada = make.user()
        bought = make.buy(ada, event_id)
        order = make.order(ada, event_id)
        services.orders.cancel(buyer_id=ada.id, order_id=order.id)
        admin = make.user(role=Role.ADMIN)
        services.refund_requests.request_refund(order_id=bought.order.id, caller=admin, reason="x")

        make.order(ada, event_id, quantity=2)

        with pytest.raises(BuyerLimitReached):
            make.order(ada, event_id)

    def test_counts_what_the_buyer_had_before_it_was_set(
        self, services: Services, make: Factory
    ) -> None:
        organizer, ada = make.user(role=Role.ORGANIZER), make.user()
        event_id = make.event(organizer=organizer).id
        bought = make.buy(ada, event_id, quantity=3)
        services.refund_requests.request_refund(
            order_id=bought.order.id,
            caller=organizer,
            ticket_ids=[bought.tickets[0].id],
            reason="x",
        )

        def limit(most: int | None) -> None:
            changes = EventChanges(max_per_buyer=most)
            services.events.edit(event_id=event_id, organizer=organizer, changes=changes)

        limit(3)
        make.order(ada, event_id)
        with pytest.raises(BuyerLimitReached):
            make.order(ada, event_id)
        limit(None)
        make.order(ada, event_id, quantity=5)

    def test_holds_for_money_that_comes_late(
        self,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
        event_id: EventId,
    ) -> None:
        gateway.pays_at_once = False
        ada = make.user()
        late = make.pay(ada, event_id, quantity=2).payment.reference
        clock.advance(timedelta(minutes=15))
        assert services.holds.expire() == 1
        gateway.pays_at_once = True
        make.buy(ada, event_id)

        gateway.pay(late)

        with pytest.raises(PaymentRefunded):
            services.settlement.settle(late).ensure_paid()
        make.buy(ada, event_id)
