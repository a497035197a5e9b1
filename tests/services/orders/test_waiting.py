from datetime import timedelta

import pytest

from app.domain.errors import (
    AlreadyWaiting,
    BuyerLimitReached,
    EmailNotConfirmed,
    NotSoldOut,
    QuantityNotAllowed,
    SalesClosed,
    SoldOut,
    TicketTypeNotFound,
    WaitingEntryNotFound,
)
from app.domain.states import OrderStatus, Role, WaitingState
from app.http.services import Services
from app.models.users.users import User
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.lines import Line, change_event, join

pytestmark = pytest.mark.usefixtures("audited")


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

    def test_refuses_what_could_never_be_served(self, services: Services, make: Factory) -> None:
        few, shared = make.event(capacity=4), make.event(shared_capacity=3)
        capped = make.event(capacity=1, max_per_buyer=2)
        make.order(make.user(), capped.id)

        for event, quantity in ((few, 5), (shared, 4), (capped, 2), (capped, 3)):
            with pytest.raises(QuantityNotAllowed):
                join(services, make.user(), event, quantity)

    def test_refuses_more_than_the_buyer_may_have(self, services: Services, make: Factory) -> None:
        event = make.event(capacity=2, max_per_buyer=2)
        ada = make.user()
        make.buy(ada, event.id)
        make.order(make.user(), event.id)

        with pytest.raises(BuyerLimitReached):
            join(services, ada, event, 2)

        assert join(services, ada, event, 1).place_in_line == 1

    def test_needs_a_confirmed_address(
        self, services: Services, new_user: User, line: Line
    ) -> None:
        with pytest.raises(EmailNotConfirmed):
            line.join(new_user)

    def test_keeps_nobody_from_what_it_cannot_be_served_with(
        self, services: Services, make: Factory
    ) -> None:
        event = make.event(capacity=3)
        make.order(make.user(), event.id)
        join(services, make.user(), event, 3)

        make.work()

        assert make.order(make.user(), event.id, quantity=2).quantity == 2

    def test_keeps_nobody_from_what_other_types_share(
        self, services: Services, make: Factory
    ) -> None:
        event = make.event(capacity=None, shared_capacity=3)
        make.order(make.user(), event.id)
        join(services, make.user(), event, 3)

        make.work()

        assert make.order(make.user(), event.id, quantity=2).quantity == 2


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
    @pytest.mark.smoke
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
        line.services.refund_requests.request_refund(
            order_id=line.held.id, caller=admin, reason="x"
        )
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
        line = Line(make, make.event(capacity=2, max_per_buyer=2))
        ada, bola = make.user(), make.user()
        make.buy(ada, line.event.id)
        line.join(ada)
        line.join(bola)
        change_event(line, make.user(role=Role.ADMIN), {"max_per_buyer": 1})

        line.free()
        make.work()

        assert line.states(ada) == [WaitingState.ENDED]
        assert line.states(bola) == [WaitingState.OFFERED]

    def test_offers_to_the_first_who_can_be_served(self, make: Factory) -> None:
        line = Line(make, make.event(capacity=3))
        make.order(make.user(), line.event.id, quantity=2)
        ada, bola, chidi = make.user(), make.user(), make.user()
        line.join(ada, 2)
        line.join(bola, 1)
        line.join(chidi, 1)

        line.free()
        make.work()

        assert line.states(ada) == [WaitingState.WAITING]
        assert line.states(bola) == [WaitingState.OFFERED]
        assert line.states(chidi) == [WaitingState.WAITING]

    def test_serves_the_larger_request_as_soon_as_that_many_are_free(self, make: Factory) -> None:
        line = Line(make, make.event(capacity=2))
        other = make.user()
        held = make.order(other, line.event.id)
        ada, bola = make.user(), make.user()
        line.join(ada, 2)
        line.join(bola, 1)

        line.free()
        line.services.orders.cancel(buyer_id=other.id, order_id=held.id)
        with pytest.raises(SoldOut):
            make.order(make.user(), line.event.id)
        make.work()

        assert line.states(ada) == [WaitingState.OFFERED]
        assert line.states(bola) == [WaitingState.WAITING]

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

        assert line.states(ada) == [WaitingState.ENDED]
        with pytest.raises(SalesClosed):
            line.join(make.user())
