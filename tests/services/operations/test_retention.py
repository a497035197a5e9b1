"""What is not needed any more has an end; what is, has none."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.domain.events.changes import EventChanges
from app.domain.states import OutboxKind
from app.http.services import Services
from app.repositories.database import Database
from app.services.operations.retention import BATCH
from tests.steps.transfers import HandOver
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")


def count(database: Database, table: str, where: str = "1 = 1") -> int:
    with database.connection() as connection:
        return int(
            connection.execute(text(f"SELECT COUNT(*) FROM {table} WHERE {where}")).scalar_one()
        )


def clean_up(services: Services, make: Factory, clock: FakeClock, after: timedelta) -> None:
    clock.advance(after)
    make.work()


class TestWebhooks:
    def test_are_forgotten_a_month_after_they_came(
        self, services: Services, make: Factory, clock: FakeClock, database: Database
    ) -> None:
        reference = make.buy(make.user(), make.event().id).payment.reference
        body = json.dumps({"event": "charge.success", "data": {"reference": reference}}).encode()
        services.webhooks.receive(body=body, signature="signed")

        clean_up(services, make, clock, timedelta(days=29))
        kept = count(database, "webhook_deliveries")
        clean_up(services, make, clock, timedelta(days=1, hours=1))

        assert (kept, count(database, "webhook_deliveries")) == (1, 0)
        # Heard again, years later, it finds nothing to do.
        assert services.webhooks.receive(body=body, signature="signed")
        make.work()
        assert count(database, "tickets") == 1

    def test_are_kept_until_they_were_acted_on(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        database: Database,
        gateway: FakeGateway,
    ) -> None:
        reference = make.pay(make.user(), make.event().id).payment.reference
        body = json.dumps({"event": "charge.success", "data": {"reference": reference}}).encode()
        services.webhooks.receive(body=body, signature="signed")
        gateway.go_down()

        for _ in range(3):
            clock.advance(timedelta(days=20))
            for _, job in services.work.jobs:
                job()

        assert count(database, "webhook_deliveries") == 1
        gateway.come_back()

    def test_end_batch_by_batch(
        self, services: Services, make: Factory, clock: FakeClock, database: Database
    ) -> None:
        with database.writing() as work:
            for number in range(BATCH + 1):
                work.webhooks.store(
                    body_hash=str(number), event="charge.success", reference=None, now=clock.now()
                )
        make.work()

        clean_up(services, make, clock, timedelta(days=31))

        assert count(database, "webhook_deliveries") == 0


class TestMessages:
    def test_that_were_sent_are_forgotten_but_those_with_tickets(
        self, services: Services, make: Factory, clock: FakeClock, database: Database
    ) -> None:
        organizer = make.user()
        event = make.event(organizer=organizer, starts_at=clock.now() + timedelta(days=300))
        bought = make.buy(make.user(), event.id)
        make.work()
        services.refund_requests.request_refund(
            order_id=bought.order.id, caller=organizer, reason="x"
        )
        make.work()
        before = count(database, "outbox_messages", "status = 'sent'")

        clean_up(services, make, clock, timedelta(days=91))

        with database.connection() as connection:
            kinds = list(connection.execute(text("SELECT kind FROM outbox_messages")).scalars())
        assert before == 2
        assert kinds == [OutboxKind.TICKETS_ISSUED]


class TestLogins:
    def test_end_when_none_of_their_tokens_is_left(
        self, services: Services, make: Factory, clock: FakeClock, database: Database
    ) -> None:
        ada = make.user(name="ada")
        services.sessions.log_in(name="ada", password=PASSWORD)

        clean_up(services, make, clock, timedelta(days=20))
        services.sessions.log_in(name="ada", password=PASSWORD)
        kept = count(database, "login_sessions", f"user_id = {ada.id}")
        clean_up(services, make, clock, timedelta(days=18))
        clean_up(services, make, clock, timedelta(hours=1))

        assert (kept, count(database, "login_sessions")) == (2, 1)


class TestTransfers:
    def test_are_forgotten_some_time_after_the_event(
        self,
        hand_over: HandOver,
        services: Services,
        make: Factory,
        clock: FakeClock,
        database: Database,
    ) -> None:
        hand_over.accept(hand_over.offer())
        event = services.events.get(hand_over.bought.order.event_id)

        clean_up(services, make, clock, event.starts_at - clock.now() + timedelta(days=89))
        kept = count(database, "ticket_transfers")
        clean_up(services, make, clock, timedelta(days=2))

        assert (kept, count(database, "ticket_transfers")) == (1, 0)


class TestWaits:
    def test_are_forgotten_some_time_after_the_event(
        self, services: Services, make: Factory, clock: FakeClock, database: Database
    ) -> None:
        event = make.event(capacity=1, price="0")
        make.order(make.user(), event.id)
        ada = make.user()
        wait = services.waiting.join(
            user=ada, event_id=event.id, ticket_type_id=event.ticket_types[0].id, quantity=1
        )
        services.waiting.leave(user=ada, entry_id=wait.entry.id)

        clean_up(services, make, clock, event.starts_at - clock.now() + timedelta(days=89))
        kept = count(database, "waiting_entries")
        clean_up(services, make, clock, timedelta(days=2))

        assert (kept, count(database, "waiting_entries")) == (1, 0)


class TestHolderMessages:
    def test_are_forgotten_some_time_after_the_event(
        self, services: Services, make: Factory, clock: FakeClock, database: Database
    ) -> None:
        organizer = make.user()
        event = make.event(organizer=organizer)
        make.buy(make.user(), event.id)
        services.holder_messages.send(
            event_id=event.id, organizer=organizer, subject="Doors", text="Come early."
        )
        services.events.edit(
            event_id=event.id, organizer=organizer, changes=EventChanges(title="Jazz")
        )
        make.work()

        clean_up(services, make, clock, event.starts_at - clock.now() + timedelta(days=89))
        kept = count(database, "announcements", "kind = 'message'")
        clean_up(services, make, clock, timedelta(days=2))

        assert (kept, count(database, "announcements", "kind = 'message'")) == (1, 0)
        assert count(database, "announcements") > 0, "changes name no person"

    def test_stay_while_one_of_their_mails_may_be_tried_again(
        self,
        services: Services,
        make: Factory,
        clock: FakeClock,
        database: Database,
        mailer: FakeMailer,
    ) -> None:
        organizer = make.user()
        event = make.event(organizer=organizer)
        make.buy(make.user(), event.id)
        make.work()
        clock.advance(event.starts_at - clock.now() + timedelta(days=80))
        services.holder_messages.send(
            event_id=event.id, organizer=organizer, subject="Thanks", text="Until next year."
        )
        make.work()

        clean_up(services, make, clock, timedelta(days=89))
        kept = count(database, "announcements", "kind = 'message'")
        clean_up(services, make, clock, timedelta(days=2))

        assert mailer.sent[-1].subject == "Lagos Jazz Night: Thanks"
        assert (kept, count(database, "announcements", "kind = 'message'")) == (1, 0)
