"""Deleted accounts leave books without names, and lose nothing that is worth something."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import (
    AccountInUse,
    NotLoggedIn,
    RefreshTokenInvalid,
    RoleMissing,
    WrongCredentials,
    WrongPassword,
)
from app.domain.listings import EventListing
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.ports import RefundStatus
from app.domain.states import OrderStatus, WaitingState
from app.domain.users.deletions import Obstacle
from app.http.services import Services
from app.models.base import Base
from app.models.users.users import User
from app.repositories.database import Database
from app.services.users.accounts import OPERATOR
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.lines import Line, join

pytestmark = pytest.mark.usefixtures("audited")

LATER = timedelta(days=60)
"""By then the events here are over."""


def delete(services: Services, user: User, password: str = PASSWORD) -> None:
    services.account_deletion.delete_own(user=user, password=password)


def obstacles(services: Services, user: User) -> list[str]:
    """What keeps the account from being deleted."""
    with pytest.raises(AccountInUse) as refusal:
        delete(services, user)
    named = refusal.value.facts["obstacles"]
    assert isinstance(named, list)
    return [each["reason"] for each in named]


def everything(database: Database) -> str:
    """All rows of all tables, as text."""
    with database.engine.connect() as connection:
        return "\n".join(
            repr(row)
            for table in Base.metadata.sorted_tables
            for row in connection.execute(select(table))
        )


@pytest.fixture
def end_refunds(make: Factory, gateway: FakeGateway, clock: FakeClock) -> Callable[[], None]:
    """Let all money that goes back arrive."""

    def end_all() -> None:
        make.work()
        for refund_id in gateway.refunds:
            gateway.end_refund(refund_id, RefundStatus.PROCESSED)
        clock.advance(timedelta(minutes=1))
        make.work()

    return end_all


@pytest.fixture
def event(make: Factory) -> EventListing:
    return make.event(organizer=make.user(name="organizer"))


@pytest.fixture
def ada(services: Services, make: Factory) -> User:
    """A person with a full name."""
    ada = make.user(name="adaeze")
    return services.users.edit(user_id=ada.id, full_name="Adaeze Obi")


class TestDeleteOwn:
    def test_leaves_the_books_and_no_name(
        self,
        services: Services,
        make: Factory,
        database: Database,
        clock: FakeClock,
        event: EventListing,
        ada: User,
    ) -> None:
        item = RequestedItem(
            ticket_type_id=event.ticket_types[0].id,
            quantity=2,
            attendees=["Adaeze Obi", "Chidi Eze"],
        )
        order_request = OrderRequest(event_id=event.id, items=[item])
        order = services.orders.place(buyer=ada, order_request=order_request).order
        opened = make.pay_order(ada, order)
        services.settlement.settle(opened.payment.reference)
        ticket = make.buy(ada, event.id).tickets[0]
        services.transfers.offer(
            ticket_id=ticket.id, giver=ada, email="chidi@example.com", name="Chidi Eze"
        )
        services.sessions.log_in(name="adaeze", password=PASSWORD)
        services.account_requests.request_reset(email="adaeze@example.com")
        make.work()
        clock.advance(LATER)

        delete(services, ada)

        left = everything(database)
        for name in ("adaeze", "Adaeze", "Chidi", "chidi"):
            assert name not in left
        kept = services.users.own_data(user_id=ada.id)
        assert [(one.status, one.total_minor) for one in kept.orders] == [
            (OrderStatus.PAID, 500_000),
            (OrderStatus.PAID, 250_000),
        ]
        assert len(kept.payments) == 2
        assert len(kept.tickets) == 3

    def test_ends_all_tokens_at_once_and_frees_the_names(
        self, services: Services, make: Factory, ada: User
    ) -> None:
        pair = services.sessions.log_in(name="adaeze", password=PASSWORD)

        delete(services, ada)

        with pytest.raises(NotLoggedIn):
            services.sessions.caller(services.sessions.claims_of(pair.access_token))
        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=pair.refresh_token)
        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name="adaeze", password=PASSWORD)
        again = make.user(name="adaeze")
        assert again.id != ada.id
        assert services.users.own_data(user_id=again.id).orders == []

    def test_takes_the_password(self, services: Services, ada: User) -> None:
        with pytest.raises(WrongPassword):
            delete(services, ada, password="wrong")

        services.sessions.log_in(name="adaeze", password=PASSWORD)

    def test_sends_no_more_mail(
        self, services: Services, make: Factory, mailer: FakeMailer, new_user: User
    ) -> None:
        delete(services, new_user)
        make.work()

        assert mailer.sent == []

    def test_leaves_lines(self, services: Services, make: Factory, ada: User) -> None:
        line = Line(make, make.event(capacity=1))
        join(services, ada, line.event, 1)

        delete(services, ada)

        assert line.states(ada) == [WaitingState.LEFT]

    def test_leaves_tickets_of_others_their_names(
        self, services: Services, make: Factory, database: Database, ada: User, clock: FakeClock
    ) -> None:
        bola = make.user(name="bola")
        event = make.event()
        make.buy(bola, event.id)
        clock.advance(LATER)

        delete(services, ada)

        assert "bola@example.com" in everything(database)


class TestObstacles:
    def test_are_unfinished_orders(
        self, services: Services, make: Factory, event: EventListing, ada: User
    ) -> None:
        order = make.order(ada, event.id)

        with pytest.raises(AccountInUse) as refusal:
            delete(services, ada)

        assert refusal.value.facts["obstacles"] == [
            {
                "reason": Obstacle.UNFINISHED_ORDERS,
                "detail": f"Orders that are unpaid, or whose payment is still being asked about: "
                f"{order.id}. Pay or cancel them, or wait.",
            }
        ]
        assert services.sessions.log_in(name="adaeze", password=PASSWORD)

    def test_are_tickets_of_events_that_are_not_over(
        self,
        services: Services,
        make: Factory,
        event: EventListing,
        ada: User,
        clock: FakeClock,
    ) -> None:
        make.buy(ada, event.id)

        assert obstacles(services, ada) == [Obstacle.TICKETS_AHEAD]

        clock.advance(LATER)
        delete(services, ada)

    def test_are_refunds_that_are_not_back(
        self,
        services: Services,
        make: Factory,
        event: EventListing,
        ada: User,
        end_refunds: Callable[[], None],
    ) -> None:
        bought = make.buy(ada, event.id)
        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=organizer_of(services)
        )

        assert obstacles(services, ada) == [Obstacle.REFUNDS_UNDER_WAY]

        end_refunds()
        delete(services, ada)

    def test_are_events_of_ones_own_and_what_they_owe(
        self,
        services: Services,
        make: Factory,
        event: EventListing,
        ada: User,
        end_refunds: Callable[[], None],
    ) -> None:
        organizer = organizer_of(services)
        make.buy(ada, event.id)
        assert obstacles(services, organizer) == [Obstacle.EVENTS_AHEAD]

        services.events.cancel(event_id=event.id, organizer=organizer, dry_run=False)

        assert obstacles(services, organizer) == [Obstacle.MONEY_OWED]
        end_refunds()
        delete(services, organizer)


class TestDelete:
    def test_is_for_those_who_run_the_shop(
        self, services: Services, make: Factory, ada: User
    ) -> None:
        with pytest.raises(RoleMissing):
            services.account_deletion.delete(actor=make.user().actor, user_id=ada.id)

        services.account_deletion.delete(actor=OPERATOR, user_id=ada.id)

        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name="adaeze", password=PASSWORD)


def organizer_of(services: Services) -> User:
    return services.account_control.find(actor=OPERATOR, name="organizer")
