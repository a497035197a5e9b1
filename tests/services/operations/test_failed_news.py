"""As test_failed_items, for jobs that tell people something."""

from datetime import timedelta
from decimal import Decimal

import pytest

from app.domain.events.changes import EventChanges
from app.domain.ids import EventId
from app.domain.orders.order_requests import OrderRequest, RequestedItem
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.ticket_types import NewTicketType
from tests.steps.transfers import HandOver
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock
from tests.support.poisoned import Jobs, PickyGateway, PickyMailer, Poison


@pytest.fixture
def gateway() -> PickyGateway:
    return PickyGateway()


@pytest.fixture
def mailer() -> PickyMailer:
    return PickyMailer()


@pytest.fixture
def poison(database: Database) -> Poison:
    return Poison(database)


@pytest.fixture
def jobs(services: Services, clock: FakeClock) -> Jobs:
    return Jobs(services, clock)


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(role=Role.ORGANIZER)


@pytest.fixture
def event_id(make: Factory, organizer: User) -> EventId:
    return make.event(organizer=organizer, capacity=10).id


class TestMessages:
    def test_are_sent_behind_one_that_fails(
        self, make: Factory, mailer: PickyMailer, jobs: Jobs, event_id: EventId
    ) -> None:
        ada, bola = make.user(), make.user()
        mailer.poisoned = {ada.email}
        for buyer in (ada, bola):
            make.buy(buyer, event_id)

        assert jobs.run("messages") == ["item failed"]

        assert [mail.to for mail in mailer.sent] == [bola.email]
        mailer.poisoned = set()
        jobs.ensure_healed("messages")
        assert [mail.to for mail in mailer.sent] == [bola.email, ada.email]


class TestWaitingLists:
    def test_of_other_types_go_on(
        self, services: Services, make: Factory, organizer: User, poison: Poison, jobs: Jobs
    ) -> None:
        event = make.event(
            organizer=organizer,
            ticket_types=[
                NewTicketType(name=name, price=Decimal(2_500), capacity=1) for name in ("A", "B")
            ],
        )
        orders, entries = [], []
        for ticket_type in event.ticket_types:
            buyer, waiter = make.user(), make.user()
            order_request = OrderRequest(
                event_id=event.id,
                items=[RequestedItem(ticket_type_id=ticket_type.id, quantity=1)],
            )
            orders.append(
                (buyer, services.orders.place(buyer=buyer, order_request=order_request).order)
            )
            entries.append(
                services.waiting.join(
                    user=waiter, event_id=event.id, ticket_type_id=ticket_type.id, quantity=1
                ).entry.id
            )
        poison("waiting_entries", entries[0])
        for buyer, order in orders:
            services.orders.cancel(buyer_id=buyer.id, order_id=order.id)

        assert jobs.run("waiting lists") == ["item failed"]

        jobs.ensure_put_off("waiting lists")
        poison.lift()
        jobs.ensure_healed("waiting lists")


class TestTransfers:
    def test_end_beside_one_that_fails(
        self, hand_over: HandOver, clock: FakeClock, poison: Poison, jobs: Jobs
    ) -> None:
        bad = hand_over.offer()
        good = hand_over.services.transfers.offer(
            ticket_id=hand_over.bought.tickets[1].id, giver=hand_over.ada, email="d@example.com"
        )
        poison("ticket_transfers", bad.id)
        clock.advance(timedelta(days=8))

        assert jobs.run("transfers") == ["item failed"]

        assert hand_over.state_of(good.id) == "expired"
        jobs.ensure_put_off("transfers")
        poison.lift()
        jobs.ensure_healed("transfers")
        assert hand_over.state_of(bad.id) == "expired"


class TestReminders:
    def test_of_other_events_go_out(
        self, make: Factory, mailer: PickyMailer, clock: FakeClock, poison: Poison, jobs: Jobs
    ) -> None:
        bad, good = (make.event(price="0") for _ in range(2))
        ada, bola = make.user(), make.user()
        for buyer, event in ((ada, bad), (bola, good)):
            make.order(buyer, event.id)
        make.work()
        mailer.sent.clear()
        poison("events", bad.id)
        clock.advance(timedelta(days=29, hours=1))

        assert jobs.run("reminders") == ["item failed"]
        for job in ("announcements", "messages"):
            jobs.run(job)

        assert [mail.to for mail in mailer.sent] == [bola.email]
        poison.lift()
        jobs.ensure_healed("reminders")


class TestAnnouncements:
    def test_of_other_events_go_out(
        self,
        services: Services,
        make: Factory,
        mailer: PickyMailer,
        organizer: User,
        database: Database,
        poison: Poison,
        jobs: Jobs,
    ) -> None:
        people = []
        for event in (make.event(organizer=organizer, price="0") for _ in range(2)):
            people.append(make.user())
            make.order(people[-1], event.id)
            services.events.edit(
                event_id=event.id,
                organizer=organizer,
                changes=EventChanges(location="Elsewhere"),
            )
        with database.reading() as work:
            first, _ = work.announcements.due(now=START, limit=5)
        poison("announcements", first)

        assert jobs.run("announcements") == ["item failed"]
        jobs.run("messages")

        assert "Changed: Lagos Jazz Night" in [mail.subject for mail in mailer.to(people[1].email)]
        poison.lift()
        jobs.ensure_healed("announcements")
