"""Accounts get what was bought for their address without one."""

from datetime import timedelta

import pytest

from app.domain.errors import OrderNotFound, TooManyLapsedHolds
from app.domain.ids import EventId
from app.domain.states import OrderStatus, WaitingState
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from tests.steps.checkouts import ADA, Shopper
from tests.support.factories import PASSWORD, RETURNS, Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.lines import join
from tests.support.links import token_in

HOLD = timedelta(minutes=16)
"""Longer than places are held."""

pytestmark = pytest.mark.usefixtures("audited")


@pytest.fixture
def account(services: Services) -> User:
    """Registered with the guest's address, which is not confirmed."""
    return services.users.register(email=ADA.email, username="ada", password=PASSWORD)


@pytest.mark.smoke
class TestClaim:
    def test_follows_the_confirmation_of_the_address(
        self,
        check_out: Shopper,
        concert: EventId,
        account: User,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
    ) -> None:
        make.work()
        token = token_in(mailer, account)
        bought, pending = check_out.bought(concert, quantity=2), check_out(concert)

        services.account_requests.confirm_email(token=token)

        orders = services.orders.page(buyer_id=account.id, after=None, limit=9).items
        tickets = services.tickets.page(user_id=account.id, after=None, limit=9).items
        assert {order.id for order in orders} == {bought.order.id, pending.order.id}
        assert len(tickets) == 2

    def test_happens_at_a_login_for_what_was_bought_later(
        self, check_out: Shopper, concert: EventId, services: Services, make: Factory
    ) -> None:
        account = make.user(name="ada")
        linked = check_out.bought(concert)

        services.sessions.log_in(name="ada", password=PASSWORD)

        assert services.orders.get(buyer_id=account.id, order_id=linked.order.id)

    def test_gives_nothing_to_an_account_that_confirmed_nothing(
        self, check_out: Shopper, concert: EventId, account: User, services: Services
    ) -> None:
        linked = check_out(concert)

        services.sessions.log_in(name="ada", password=PASSWORD)

        with pytest.raises(OrderNotFound):
            services.orders.get(buyer_id=account.id, order_id=linked.order.id)

    def test_adds_up_the_places_of_both(
        self, check_out: Shopper, services: Services, make: Factory, database: Database
    ) -> None:
        event = make.event(max_per_buyer=6)
        account = make.user(name="ada")
        make.order(account, event.id, quantity=2)
        check_out(event.id, quantity=3)

        services.sessions.log_in(name="ada", password=PASSWORD)

        with database.reading() as work:
            assert work.buyer_places.of(event.id, account.id) == 5

    def test_leaves_a_line_in_which_the_account_stands(
        self, services: Services, make: Factory, check_out: Shopper, database: Database
    ) -> None:
        event = make.event(capacity=1)
        check_out(event.id)
        account = make.user(name="ada")
        with database.writing() as work:
            guest = work.users.find_guest(ADA.email)
            assert guest is not None
            guest.email_confirmed_at = guest.created_at
        for user in (account, guest):
            join(services, user, event, 1)

        services.sessions.log_in(name="ada", password=PASSWORD)

        states = [wait.entry.state for wait in services.waiting.mine(user=account)]
        assert sorted(states) == [WaitingState.LEFT, WaitingState.WAITING]

    def test_keeps_the_link_to_the_order(
        self,
        check_out: Shopper,
        concert: EventId,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
    ) -> None:
        gateway.pays_at_once = False
        make.user(name="ada")
        linked = check_out(concert)
        services.sessions.log_in(name="ada", password=PASSWORD)

        services.order_links.pay(token=linked.token, returns=RETURNS)
        assert linked.payment is not None
        gateway.pay(linked.payment.reference)
        services.settlement.settle(linked.payment.reference)

        found = services.order_pages.look(token=linked.token)
        assert found.order.status == OrderStatus.PAID
        assert [ticket.is_own for ticket in found.tickets] == [True]

    def test_leaves_the_guest_for_the_next_order(
        self, check_out: Shopper, concert: EventId, services: Services, make: Factory
    ) -> None:
        account = make.user(name="ada")
        check_out(concert)
        services.sessions.log_in(name="ada", password=PASSWORD)

        again = check_out(concert)

        assert again.order.buyer_id != account.id


class TestStrangers:
    def test_keep_no_account_from_buying_by_holds_in_its_name(
        self,
        check_out: Shopper,
        concert: EventId,
        services: Services,
        make: Factory,
        gateway: FakeGateway,
        clock: FakeClock,
    ) -> None:
        gateway.pays_at_once = False
        account = make.user(name="ada")
        for _ in range(2):
            check_out(concert)
            clock.advance(HOLD)
            services.holds.expire()
        with pytest.raises(TooManyLapsedHolds):
            check_out(concert)

        services.sessions.log_in(name="ada", password=PASSWORD)

        assert make.order(account, concert).status == OrderStatus.PENDING
