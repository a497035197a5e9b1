from datetime import timedelta

from app.domain.listings import EventListing
from app.http.services import Services
from app.models.users.users import User
from tests.support.factories import Factory
from tests.support.fakes import START, FakeClock, FakeMailer
from tests.support.news import Edits, news

DAY = timedelta(days=1)


class TestReminder:
    def test_comes_once_the_day_before_with_the_tickets(
        self, make: Factory, mailer: FakeMailer, clock: FakeClock, jazz_fan: User
    ) -> None:
        clock.advance(9 * DAY - timedelta(seconds=1))
        make.work()
        assert news(mailer, jazz_fan) == []

        clock.advance(timedelta(seconds=1))
        make.work()
        clock.advance(timedelta(hours=2))
        make.work()

        (mail,) = news(mailer, jazz_fan)
        assert mail.subject == "Coming up: Jazz <Night>"
        assert mail.text.count("https://shop.test/t/") == 2

    def test_does_not_come_in_the_last_hour(
        self, make: Factory, mailer: FakeMailer, clock: FakeClock, jazz_fan: User
    ) -> None:
        clock.advance(10 * DAY - timedelta(hours=1))

        make.work()

        assert news(mailer, jazz_fan) == []

    def test_comes_again_for_another_day(
        self, make: Factory, mailer: FakeMailer, clock: FakeClock, jazz_fan: User, edit_jazz: Edits
    ) -> None:
        clock.advance(9 * DAY)
        make.work()
        edit_jazz(starts_at=START + 20 * DAY)
        make.work()
        clock.advance(10 * DAY)

        make.work()

        subjects = [mail.subject.partition(":")[0] for mail in news(mailer, jazz_fan)]
        assert subjects == ["Coming up", "Changed", "Coming up"]

    def test_is_dropped_when_the_event_was_moved_before_it_was_sent(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
        jazz_fan: User,
        edit_jazz: Edits,
    ) -> None:
        clock.advance(9 * DAY)
        services.announcements.remind_due()
        services.announcements.tell_due()
        edit_jazz(starts_at=START + 20 * DAY)

        make.work()

        assert [mail.subject for mail in news(mailer, jazz_fan)] == ["Changed: Jazz <Night>"]

    def test_does_not_come_for_what_was_called_off(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
        jazz_organizer: User,
        jazz: EventListing,
        jazz_fan: User,
    ) -> None:
        services.events.cancel(event_id=jazz.id, organizer=jazz_organizer, dry_run=False)
        clock.advance(9 * DAY)

        make.work()

        assert [mail.subject for mail in news(mailer, jazz_fan)] == ["Cancelled: Jazz <Night>"]
