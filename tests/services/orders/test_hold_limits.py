from datetime import timedelta

import pytest

from app.config import Settings
from app.domain.errors import (
    BuyerLimitReached,
    EmailNotConfirmed,
    SoldOut,
    TooManyLapsedHolds,
    TooManyUnpaidPlaces,
)
from app.http.services import Services
from app.models.users.users import User
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway
from tests.support.lines import Line

pytestmark = pytest.mark.usefixtures("audited")


class TestPlace:
    def test_holds_no_whole_event_for_one_account(self, make: Factory, settings: Settings) -> None:
        event, ada = make.event(capacity=500), make.user()

        for _ in range(2):
            make.order(ada, event.id, quantity=10)
        with pytest.raises(TooManyUnpaidPlaces) as refusal:
            make.order(ada, event.id)

        assert settings.unpaid_places == refusal.value.facts["most_places"] == 20
        make.order(ada, make.event().id)
        make.order(make.user(), event.id)

    def test_holds_few_orders_for_one_account(self, make: Factory, settings: Settings) -> None:
        event, ada = make.event(), make.user()
        orders = [make.order(ada, event.id) for _ in range(settings.unpaid_orders)]

        with pytest.raises(TooManyUnpaidPlaces):
            make.order(ada, event.id)

        make.services.orders.cancel(buyer_id=ada.id, order_id=orders[0].id)
        make.order(ada, event.id)

    def test_counts_no_paid_orders(self, make: Factory, settings: Settings) -> None:
        event, ada = make.event(), make.user()

        for _ in range(settings.unpaid_orders + 1):
            make.buy(ada, event.id)

    def test_holds_less_for_an_address_nobody_confirmed(
        self, make: Factory, new_user: User, settings: Settings
    ) -> None:
        event = make.event()
        make.order(new_user, event.id, quantity=settings.unconfirmed_places)

        with pytest.raises(EmailNotConfirmed):
            make.order(new_user, event.id)

    def test_gives_fewer_free_tickets_to_an_address_nobody_confirmed(
        self, make: Factory, new_user: User, settings: Settings
    ) -> None:
        event = make.event(price="0")
        for _ in range(settings.unconfirmed_places):
            make.order(new_user, event.id)

        with pytest.raises(EmailNotConfirmed):
            make.order(new_user, event.id)

        make.order(make.user(), event.id, quantity=10)

    @pytest.mark.parametrize("most", [None, 25])
    def test_gives_no_whole_free_event_to_one_account(
        self, make: Factory, settings: Settings, most: int | None
    ) -> None:
        event, ada = make.event(price="0", capacity=500, max_per_buyer=most), make.user()
        for quantity in (10, 10, *([5] if most else [])):
            make.order(ada, event.id, quantity=quantity)

        with pytest.raises(BuyerLimitReached) as refusal:
            make.order(ada, event.id)

        assert refusal.value.facts["most"] == (most or settings.free_places)
        make.order(make.user(), event.id)

    def test_offers_what_was_waited_for_all_the_same(self, make: Factory) -> None:
        line = Line(make, make.event(capacity=21))
        ada = make.user()
        for _ in range(2):
            make.order(ada, line.event.id, quantity=10)
        line.join(ada)

        line.free()
        make.work()

        assert line.offer(ada).quantity == 1


class TestPause:
    """After holds that ended unpaid, an account waits longer and longer."""

    def lapse(self, make: Factory, clock: FakeClock, user: User, line: Line) -> None:
        """Hold a place, and let the time go by."""
        order = make.order(user, line.event.id)
        clock.advance(order.expires_at - clock.now())
        make.work()

    @pytest.fixture
    def line(self, make: Factory) -> Line:
        return Line(make, make.event(capacity=2))

    def test_grows(
        self, make: Factory, clock: FakeClock, gateway: FakeGateway, line: Line, settings: Settings
    ) -> None:
        ada = make.user()
        self.lapse(make, clock, ada, line)
        self.lapse(make, clock, ada, line)

        waits = []
        for _ in range(3):
            with pytest.raises(TooManyLapsedHolds) as refusal:
                make.order(ada, line.event.id)
            waits.append(refusal.value.retry_after)
            clock.advance(refusal.value.retry_after)
            self.lapse(make, clock, ada, line)

        assert waits == [settings.lapse_pause * factor for factor in (1, 2, 4)]

    def test_ends_after_a_day(self, make: Factory, clock: FakeClock, line: Line) -> None:
        ada = make.user()
        self.lapse(make, clock, ada, line)
        self.lapse(make, clock, ada, line)

        clock.advance(timedelta(days=1))

        make.order(ada, line.event.id)

    def test_is_one_account_and_one_event(
        self, make: Factory, clock: FakeClock, line: Line
    ) -> None:
        ada = make.user()
        self.lapse(make, clock, ada, line)
        self.lapse(make, clock, ada, line)

        make.order(ada, make.event().id)
        make.order(make.user(), line.event.id)

    def test_counts_what_was_cancelled_late_but_not_at_once(
        self, make: Factory, clock: FakeClock, line: Line
    ) -> None:
        ada, bola = make.user(), make.user()
        for user, after in ((ada, timedelta(minutes=14)), (bola, timedelta(minutes=1))):
            for _ in range(2):
                order = make.order(user, line.event.id)
                clock.advance(after)
                make.services.orders.cancel(buyer_id=user.id, order_id=order.id)

        with pytest.raises(TooManyLapsedHolds):
            make.order(ada, line.event.id)
        make.order(bola, line.event.id)

    def cancel_after(
        self, make: Factory, clock: FakeClock, user: User, line: Line, minutes: float
    ) -> None:
        """Hold a place for so long."""
        order = make.order(user, line.event.id)
        clock.advance(timedelta(minutes=minutes))
        make.services.orders.cancel(buyer_id=user.id, order_id=order.id)

    def test_counts_the_time_held_in_however_many_holds(
        self, make: Factory, clock: FakeClock, line: Line
    ) -> None:
        ada = make.user()
        for _ in range(4):
            self.cancel_after(make, clock, ada, line, 7)

        with pytest.raises(TooManyLapsedHolds):
            make.order(ada, line.event.id)

    def test_forgives_who_changes_their_mind_twice(
        self, make: Factory, clock: FakeClock, line: Line
    ) -> None:
        ada = make.user()
        for _ in range(2):
            self.cancel_after(make, clock, ada, line, 11)

        make.order(ada, line.event.id)

    @pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # many orders
    def test_forgets_nothing_for_many_short_holds(
        self, make: Factory, clock: FakeClock, line: Line, settings: Settings
    ) -> None:
        ada = make.user()
        self.lapse(make, clock, ada, line)
        self.lapse(make, clock, ada, line)
        clock.advance(settings.lapse_pause)

        for _ in range(55):
            self.cancel_after(make, clock, ada, line, 0.01)
        self.lapse(make, clock, ada, line)

        with pytest.raises(TooManyLapsedHolds) as refusal:
            make.order(ada, line.event.id)
        assert refusal.value.retry_after == settings.lapse_pause * 2

    def test_does_not_begin_anew_with_a_short_hold(
        self, make: Factory, clock: FakeClock, line: Line, settings: Settings
    ) -> None:
        ada = make.user()
        self.lapse(make, clock, ada, line)
        self.lapse(make, clock, ada, line)
        clock.advance(settings.lapse_pause)

        self.cancel_after(make, clock, ada, line, 1)

        make.order(ada, line.event.id)

    def test_keeps_out_of_the_line_as_well(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        line = Line(make, make.event(capacity=2))
        ada = make.user()
        self.lapse(make, clock, ada, line)
        self.lapse(make, clock, ada, line)
        make.order(make.user(), line.event.id, quantity=2)
        with pytest.raises(SoldOut):
            make.order(make.user(), line.event.id)

        with pytest.raises(TooManyLapsedHolds):
            line.join(ada)
