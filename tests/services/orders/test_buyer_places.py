"""A limit of places per buyer: one definition, whatever becomes of the tickets."""

import pytest
from sqlalchemy import text

from app.domain.errors import BuyerLimitReached
from app.domain.events.changes import EventChanges
from app.domain.ids import EventId
from app.domain.states import OrderStatus, Role
from app.http.services import Services
from app.models.tickets.tickets import Ticket
from app.models.users.users import User
from app.repositories.database import Database
from app.wiring.adapters import Adapters
from tests.support.factories import Factory

pytestmark = pytest.mark.usefixtures("audited")


class Trading:
    """People who buy tickets of one event and pass them on, and its organizer."""

    def __init__(self, services: Services, outside: Adapters, make: Factory) -> None:
        self.services, self._outside, self.make = services, outside, make
        self.organizer = make.user(role=Role.ORGANIZER)
        self.ada, self.bola, self.carl = (make.user() for _ in range(3))
        self.event_id: EventId = make.event(organizer=self.organizer, capacity=20).id

    def limit(self, most: int | None) -> None:
        self.services.events.edit(
            event_id=self.event_id,
            organizer=self.organizer,
            changes=EventChanges(max_per_buyer=most),
        )

    def transfer(self, ticket: Ticket, *, giver: User, to: User) -> None:
        offered = self.services.transfers.offer(ticket_id=ticket.id, giver=giver, email=to.email)
        token = self._outside.links.issue(offered.link_subject)
        self.services.transfers.accept(token=token)

    def hold_and_cancel(self, buyer: User) -> None:
        """What first makes the shop count a buyer's places."""
        order = self.make.order(buyer, self.event_id)
        self.services.orders.cancel(buyer_id=buyer.id, order_id=order.id)


@pytest.fixture
def trading(services: Services, outside: Adapters, make: Factory) -> Trading:
    return Trading(services, outside, make)


class TestTransferredTickets:
    def test_are_refunded_though_the_limit_came_after_the_transfer(self, trading: Trading) -> None:
        bought = trading.make.buy(trading.ada, trading.event_id, quantity=2)
        for ticket in bought.tickets:
            trading.transfer(ticket, giver=trading.ada, to=trading.bola)
        trading.limit(5)
        trading.hold_and_cancel(trading.ada)

        trading.services.refund_requests.request_refund(
            order_id=bought.order.id, caller=trading.organizer, reason="asked for"
        )

        order = trading.services.settlement.outcome(bought.payment.reference).order
        assert order.status == OrderStatus.REFUNDED

    def test_are_refunded_when_the_event_is_called_off_and_so_are_all_others(
        self, trading: Trading
    ) -> None:
        bought = trading.make.buy(trading.ada, trading.event_id, quantity=2)
        for ticket in bought.tickets:
            trading.transfer(ticket, giver=trading.ada, to=trading.bola)
        trading.limit(5)
        trading.hold_and_cancel(trading.ada)
        trading.make.buy(trading.carl, trading.event_id)

        trading.services.events.cancel(
            event_id=trading.event_id, organizer=trading.organizer, dry_run=False
        )
        trading.make.work()

        found = trading.services.events.cancel(
            event_id=trading.event_id, organizer=trading.organizer, dry_run=True
        )
        assert (found.orders_to_refund, found.orders_refunded) == (0, 2)

    def test_count_for_who_bought_them(self, trading: Trading) -> None:
        trading.limit(2)
        bought = trading.make.buy(trading.ada, trading.event_id, quantity=2)
        for ticket in bought.tickets:
            trading.transfer(ticket, giver=trading.ada, to=trading.bola)

        trading.make.buy(trading.bola, trading.event_id, quantity=2)

        with pytest.raises(BuyerLimitReached):
            trading.make.order(trading.ada, trading.event_id)
        with pytest.raises(BuyerLimitReached):
            trading.make.order(trading.bola, trading.event_id)

    @pytest.mark.parametrize("from_the_start", [True, False])
    def test_count_alike_whenever_the_limit_was_set(
        self, trading: Trading, from_the_start: bool
    ) -> None:
        trading.limit(4 if from_the_start else None)
        bought = trading.make.buy(trading.ada, trading.event_id, quantity=3)
        trading.transfer(bought.tickets[0], giver=trading.ada, to=trading.bola)
        trading.limit(4)

        trading.make.order(trading.ada, trading.event_id)

        with pytest.raises(BuyerLimitReached):
            trading.make.order(trading.ada, trading.event_id)


class TestWrongCount:
    def test_does_not_keep_money_from_going_back(
        self, trading: Trading, database: Database
    ) -> None:
        trading.limit(5)
        bought = trading.make.buy(trading.ada, trading.event_id, quantity=2)
        with database.engine.begin() as connection:
            connection.execute(text("UPDATE buyer_places SET places = 1"))

        trading.services.refund_requests.request_refund(
            order_id=bought.order.id, caller=trading.organizer, reason="asked for"
        )

        order = trading.services.settlement.outcome(bought.payment.reference).order
        assert order.status == OrderStatus.REFUNDED
