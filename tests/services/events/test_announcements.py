from datetime import timedelta

import pytest
from sqlalchemy import text

from app.domain.errors import EventValueInvalid
from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.states import OutboxKind
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeMailer
from tests.support.news import Edits, news
from tests.support.racing import at_once

DAY = timedelta(days=1)


class TestChanges:
    def test_are_told_with_what_was_before(
        self, make: Factory, mailer: FakeMailer, jazz_fan: User, edit_jazz: Edits
    ) -> None:
        edit_jazz(location="Terra Kulture", starts_at=START + 11 * DAY)

        make.work()

        (mail,) = news(mailer, jazz_fan)
        assert mail.subject == "Changed: Jazz <Night>"
        assert mail.html is not None
        for body in (mail.text, mail.html):
            for fact in (
                "Freedom Park, Lagos",
                "Terra Kulture",
                "Thursday, 11 March 2027, 13:00 (WAT)",
                "Friday, 12 March 2027, 13:00 (WAT)",
            ):
                assert fact in body
        assert mail.text.count("https://shop.test/t/") == 2

    @pytest.mark.parametrize(
        "values",
        [
            {"title": "Blues"},
            {"location": "Elsewhere"},
            {"ends_at": START + 11 * DAY},
            {"doors_open_at": START + 9 * DAY},
            {"time_zone": "Africa/Nairobi"},
        ],
    )
    def test_of_time_and_place_are_news(
        self,
        make: Factory,
        mailer: FakeMailer,
        jazz_fan: User,
        edit_jazz: Edits,
        values: dict[str, object],
    ) -> None:
        edit_jazz(**values)
        edit_jazz(**values)

        make.work()

        assert len(news(mailer, jazz_fan)) == 1

    def test_of_anything_else_are_none(
        self, make: Factory, mailer: FakeMailer, jazz_fan: User, edit_jazz: Edits
    ) -> None:
        edit_jazz(description="Bring friends", terms="No dogs", reentry=True, refund_hours=3)
        edit_jazz(location="Freedom Park, Lagos", starts_at=START + 10 * DAY)

        make.work()

        assert news(mailer, jazz_fan) == []

    def test_of_what_is_over_are_none(
        self, make: Factory, mailer: FakeMailer, clock: FakeClock, jazz_fan: User, edit_jazz: Edits
    ) -> None:
        clock.advance(12 * DAY)
        edit_jazz(title="The best night ever")

        make.work()

        assert news(mailer, jazz_fan) == []

    def test_are_not_told_once_the_event_is_off(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        jazz_organizer: User,
        jazz: EventListing,
        jazz_fan: User,
        edit_jazz: Edits,
    ) -> None:
        edit_jazz(location="Elsewhere")
        services.events.cancel(event_id=jazz.id, organizer=jazz_organizer, dry_run=False)
        edit_jazz(location="Nowhere")

        make.work()

        assert [mail.subject for mail in news(mailer, jazz_fan)] == ["Cancelled: Jazz <Night>"]

    def test_may_not_open_the_doors_after_the_end(self, edit_jazz: Edits) -> None:
        edit_jazz(ends_at=START + 11 * DAY, doors_open_at=START + 10 * DAY)

        with pytest.raises(EventValueInvalid):
            edit_jazz(doors_open_at=START + 11 * DAY)
        with pytest.raises(EventValueInvalid):
            edit_jazz(ends_at=None, doors_open_at=START + 11 * DAY)


class TestCancellation:
    @pytest.mark.usefixtures("audited")
    @pytest.mark.parametrize("refunds_first", [False, True])
    def test_is_told_to_everybody_who_has_tickets_also_if_refunded_meanwhile(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        jazz_organizer: User,
        refunds_first: bool,
    ) -> None:
        event = make.event(organizer=jazz_organizer, price="2500")
        ada, bola, chi = make.user(), make.user(), make.user()
        for buyer in (ada, bola):
            make.buy(buyer, event.id)
        gone = make.buy(chi, event.id).order
        services.refund_requests.request_refund(
            order_id=gone.id, caller=jazz_organizer, reason="he asked"
        )
        services.events.cancel(event_id=event.id, organizer=jazz_organizer, dry_run=False)
        if refunds_first:
            assert services.refund_requests.refund_cancelled() == 2

        make.work()
        make.work()

        assert [len(news(mailer, buyer)) for buyer in (ada, bola, chi)] == [1, 1, 0]


class TestTellDue:
    @pytest.fixture
    def crowd(self, make: Factory, jazz: EventListing) -> list[User]:
        """Seven people with two tickets each."""
        crowd = [make.user() for _ in range(7)]
        for person in crowd:
            make.order(person, jazz.id, quantity=2)
        make.work()
        return crowd

    def test_goes_through_all_holders_in_batches(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        crowd: list[User],
        edit_jazz: Edits,
    ) -> None:
        edit_jazz(title="Blues")

        rounds = 0
        while services.announcements.tell_due(limit=2):
            rounds += 1
        make.work()

        assert rounds == 4
        assert [len(news(mailer, person)) for person in crowd] == [1] * 7

    def test_leaves_an_announcement_to_the_worker_that_has_it(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
        database: Database,
        crowd: list[User],
        edit_jazz: Edits,
    ) -> None:
        edit_jazz(title="Blues")
        services.announcements.tell_due(limit=3)
        if not database.is_sqlite:  # whose writers are alone anyway
            with database.writing() as work:
                (due,) = work.announcements.due(now=clock.now(), limit=5)
                assert work.announcements.lock_due(due, now=clock.now())
                services.announcements.tell_due()
                with database.reading() as others:
                    assert others.announcements.get(due).after_user_id == crowd[2].id

        make.work()

        assert [len(news(mailer, person)) for person in crowd] == [1] * 7

    def test_by_many_workers_tells_nobody_twice(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
        crowd: list[User],
        edit_jazz: Edits,
    ) -> None:
        edit_jazz(title="Blues")
        clock.advance(8 * DAY + timedelta(hours=1))

        def toil() -> None:
            for _ in range(6):
                services.announcements.remind_due()
                services.announcements.tell_due(limit=2)

        at_once([toil] * 4)
        clock.advance(timedelta(hours=23))
        at_once([toil] * 4)
        make.work()

        assert [len(news(mailer, person)) for person in crowd] == [2] * 7

    def test_promises_nothing_twice(
        self, database: Database, clock: FakeClock, crowd: list[User]
    ) -> None:
        ids = [person.id for person in crowd]
        with database.connection() as connection:
            sent = connection.execute(text("SELECT COUNT(*) FROM outbox_messages")).scalar_one()
        for whom in (ids[:4], ids[2:], ids):
            with database.writing() as work:
                work.outbox.enqueue_each(
                    OutboxKind.EVENT_CHANGED, 1, whom, event_id=EventId(1), now=clock.now()
                )

        with database.connection() as connection:
            due = connection.execute(text("SELECT COUNT(*) FROM outbox_messages")).scalar_one()
        assert due - sent == len(ids)
