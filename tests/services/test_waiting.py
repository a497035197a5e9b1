from datetime import timedelta

import pytest

from app.domain.errors import (
    AlreadyWaiting,
    NotSoldOut,
    SalesClosed,
    SoldOut,
    TicketTypeNotFound,
    WaitingEntryNotFound,
)
from app.domain.ids import OrderId
from app.domain.listings import EventListing
from app.domain.states import OrderStatus, Role, WaitingState
from app.models.orders import Order
from app.models.users import User
from app.routers.services import Services
from app.services.waiting import Wait
from tests.factories import Factory
from tests.fakes import FakeClock, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


class Line:
    """The line for the only place of an event, which its holder may give up."""

    def __init__(self, make: Factory, event: EventListing) -> None:
        self.services = make.services
        self.event = event
        self.holder = make.user()
        self.held = make.order(self.holder, event.id)

    def join(self, user: User) -> Wait:
        return self.services.waiting.join(
            user=user,
            event_id=self.event.id,
            ticket_type_id=self.event.ticket_types[0].id,
            quantity=1,
        )

    def free(self) -> None:
        """Put the place back on sale."""
        self.services.orders.cancel(buyer_id=self.holder.id, order_id=self.held.id)

    def states(self, user: User) -> list[WaitingState]:
        return [wait.entry.state for wait in self.services.waiting.mine(user=user)]

    def offer(self, user: User) -> Order:
        """What was offered to the user."""
        entry = self.services.waiting.mine(user=user)[0].entry
        return self.services.orders.get(
            buyer_id=user.id, order_id=OrderId(entry.order_id or 0)
        ).order


@pytest.fixture
def line(make: Factory) -> Line:
    return Line(make, make.event(capacity=1))


class TestJoin:
    def test_is_for_sold_out_types_only(
        self, services: Services, make: Factory, line: Line
    ) -> None:
        on_sale = make.event(capacity=1)

        with pytest.raises(NotSoldOut):
            services.waiting.join(
                user=make.user(),
                event_id=on_sale.id,
                ticket_type_id=on_sale.ticket_types[0].id,
                quantity=1,
            )
        with pytest.raises(TicketTypeNotFound):
            services.waiting.join(
                user=make.user(),
                event_id=on_sale.id,
                ticket_type_id=line.event.ticket_types[0].id,
                quantity=1,
            )

    def test_tells_the_place_in_line(self, services: Services, make: Factory, line: Line) -> None:
        ada, bola = make.user(), make.user()

        places = [line.join(user).place_in_line for user in (ada, bola)]

        assert places == [1, 2]
        with pytest.raises(AlreadyWaiting):
            line.join(ada)
        services.waiting.leave(user=ada, entry_id=services.waiting.mine(user=ada)[0].entry.id)
        assert services.waiting.mine(user=bola)[0].place_in_line == 1
        assert line.join(ada).place_in_line == 2


class TestLeave:
    def test_is_for_ones_own_entry(self, services: Services, make: Factory, line: Line) -> None:
        wait = line.join(make.user())

        with pytest.raises(WaitingEntryNotFound):
            services.waiting.leave(user=make.user(), entry_id=wait.entry.id)

    def test_opens_the_sale_again_when_nobody_waits(
        self, services: Services, make: Factory, line: Line
    ) -> None:
        ada = make.user()
        wait = line.join(ada)
        line.free()

        services.waiting.leave(user=ada, entry_id=wait.entry.id)

        make.order(make.user(), line.event.id)


class TestOfferDue:
    def test_holds_freed_places_for_the_first_in_line(
        self, make: Factory, mailer: FakeMailer, line: Line
    ) -> None:
        ada, bola = make.user(), make.user()
        line.join(ada)
        line.join(bola)

        line.free()
        with pytest.raises(SoldOut):
            make.order(make.user(), line.event.id)
        make.work()

        assert (line.states(ada), line.states(bola)) == (
            [WaitingState.OFFERED],
            [WaitingState.WAITING],
        )
        assert len(mailer.to(ada.email)) == 1
        with pytest.raises(SoldOut):
            make.order(make.user(), line.event.id)

    def test_offers_nothing_while_nothing_is_free(
        self, services: Services, make: Factory, line: Line
    ) -> None:
        line.join(make.user())

        assert services.waiting.offer_due() == 0

    def test_counts_an_offer_that_was_bought(self, make: Factory, line: Line) -> None:
        ada = make.user()
        line.join(ada)
        line.free()
        make.work()

        reference = make.pay_order(ada, line.offer(ada)).payment.reference
        settlement = line.services.settlement.settle(reference)

        assert settlement.order.status == OrderStatus.PAID
        assert line.states(ada) == [WaitingState.BOUGHT]

    def test_gives_a_free_ticket_to_who_takes_the_offer(self, make: Factory) -> None:
        line = Line(make, make.event(price="0", capacity=1))
        ada, admin = make.user(), make.user(role=Role.ADMIN)
        line.join(ada)
        line.services.give_backs.give_back(order_id=line.held.id, caller=admin, reason="x")
        make.work()

        settlement = make.pay_order(ada, line.offer(ada))

        assert len(settlement.tickets) == 1
        assert line.states(ada) == [WaitingState.BOUGHT]

    def test_goes_on_with_the_next_when_an_offer_lapses(
        self, make: Factory, clock: FakeClock, line: Line
    ) -> None:
        ada, bola = make.user(), make.user()
        line.join(ada)
        line.join(bola)
        line.free()
        make.work()

        clock.advance(line.offer(ada).expires_at - clock.now())
        make.work()

        assert line.states(ada) == [WaitingState.LAPSED]
        assert line.states(bola) == [WaitingState.OFFERED]
        assert line.offer(ada).status == OrderStatus.EXPIRED

    def test_passes_over_who_may_have_no_more_places(self, make: Factory) -> None:
        line = Line(make, make.event(capacity=2, max_per_buyer=1))
        ada, bola = make.user(), make.user()
        make.buy(ada, line.event.id)
        line.join(ada)
        line.join(bola)

        line.free()
        make.work()

        assert line.states(ada) == [WaitingState.LAPSED]
        assert line.states(bola) == [WaitingState.OFFERED]

    def test_ends_with_the_event(
        self, services: Services, make: Factory, clock: FakeClock, line: Line
    ) -> None:
        ada = make.user()
        line.join(ada)

        services.events.cancel(
            event_id=line.event.id, organizer=make.user(role=Role.ADMIN), dry_run=False
        )
        make.work()
        clock.advance(timedelta(hours=1))
        make.work()

        assert line.states(ada) == [WaitingState.LAPSED]
        with pytest.raises(SalesClosed):
            line.join(make.user())
