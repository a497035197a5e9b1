"""What organizers write to all who hold tickets."""

from datetime import timedelta

import pytest

from app.domain.errors import EventNotFound, NoHolders, OrganizationRoleMissing, TooManyMails
from app.domain.events.lists import Progress
from app.domain.listings import EventListing
from app.domain.permissions import OrganizationRole
from app.http.services import Services
from app.models.users.users import User
from app.services.events.holder_messages import SentMessage
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeMailer

pytestmark = pytest.mark.usefixtures("audited")

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def event(make: Factory, jazz_organizer: User) -> EventListing:
    return make.event(organizer=jazz_organizer)


class Writer:
    """Writes to the holders of an event."""

    def __init__(self, services: Services, organizer: User, event: EventListing) -> None:
        self._services, self._organizer, self._event = services, organizer, event

    def __call__(
        self, text: str = "Come early.", *, subject: str = "Doors", by: User | None = None
    ) -> SentMessage:
        return self._services.holder_messages.send(
            event_id=self._event.id, organizer=by or self._organizer, subject=subject, text=text
        )

    def sent(self) -> SentMessage:
        newest, *_ = self._services.holder_messages.page(
            event_id=self._event.id, organizer=self._organizer, after=None, limit=5
        ).items
        return newest

    def progress(self) -> Progress:
        newest = self.sent()
        assert newest.announcement.work_at is None
        return newest.progress


@pytest.fixture
def write(services: Services, jazz_organizer: User, event: EventListing) -> Writer:
    return Writer(services, jazz_organizer, event)


class TestSend:
    def test_brings_each_holder_one_mail_and_none_to_those_without_valid_tickets(
        self,
        services: Services,
        make: Factory,
        jazz_organizer: User,
        event: EventListing,
        write: Writer,
        mailer: FakeMailer,
    ) -> None:
        ada, bola, chi = (make.user(name=name) for name in ("ada", "bola", "chi"))
        make.buy(ada, event.id, quantity=3)
        given = make.buy(ada, event.id).tickets[0]
        services.transfers.offer(ticket_id=given.id, giver=ada, email=bola.email)
        make.work()
        services.transfers.accept(token=mailer.sent[-1].text.partition("token=")[2].split()[0])
        refunded = make.buy(chi, event.id)
        services.refund_requests.request_refund(order_id=refunded.order.id, caller=jazz_organizer)
        make.work()
        before = len(mailer.sent)

        write("Come early.\nThere is food: https://example.com")
        make.work()

        mails = mailer.sent[before:]
        assert sorted(mail.to for mail in mails) == [ada.email, bola.email]
        assert {mail.subject for mail in mails} == {"Lagos Jazz Night: Doors"}
        assert all("Come early.\nThere is food: https://example.com" in m.text for m in mails)
        assert write.progress() == Progress(sent=2)

    def test_shows_markup_as_text(
        self, make: Factory, event: EventListing, write: Writer, mailer: FakeMailer
    ) -> None:
        make.buy(make.user(), event.id)
        make.work()

        write(HOSTILE, subject=HOSTILE)
        make.work()

        html = mailer.sent[-1].html or ""
        assert HOSTILE not in html
        assert "&lt;script&gt;" in html

    def test_answers_go_to_the_organization(
        self, make: Factory, services: Services, mailer: FakeMailer
    ) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        make.buy(make.user(), event.id)
        make.work()

        Writer(services, band.owner, event)()
        make.work()

        assert "Band organizes Lagos Jazz Night" in mailer.sent[-1].text

    def test_is_dropped_for_who_has_no_ticket_when_their_turn_comes(
        self,
        services: Services,
        make: Factory,
        jazz_organizer: User,
        event: EventListing,
        write: Writer,
    ) -> None:
        bought = make.buy(make.user(), event.id)
        make.work()
        write()
        services.announcements.tell_due()
        services.refund_requests.request_refund(order_id=bought.order.id, caller=jazz_organizer)
        make.work()

        assert write.progress() == Progress(dropped=1)

    def test_goes_out_in_batches(
        self, services: Services, make: Factory, event: EventListing, write: Writer
    ) -> None:
        for _ in range(3):
            make.buy(make.user(), event.id)
        make.work()
        first = write().progress

        services.announcements.tell_due(limit=2)
        second = write.sent().progress
        services.announcements.tell_due(limit=2)

        assert (first, first.has_begun) == (Progress(preparing=3), False)
        assert (second, second.has_begun) == (Progress(preparing=1, due=2), True)
        assert write.progress() == Progress(due=3)

    def test_is_refused_where_nobody_holds_a_ticket(self, write: Writer) -> None:
        with pytest.raises(NoHolders):
            write()

    def test_is_refused_after_three_a_day(
        self, make: Factory, event: EventListing, write: Writer, clock: FakeClock
    ) -> None:
        make.buy(make.user(), event.id)
        for number in range(3):
            write(str(number))

        with pytest.raises(TooManyMails):
            write("one more")
        clock.advance(timedelta(days=1, hours=1))
        write("the next day")

    def test_is_for_owners_and_managers(self, services: Services, make: Factory) -> None:
        band = Band(services, make)
        event = make.event(organizer=band.owner, organization_id=band.id)
        make.buy(make.user(), event.id)
        write = Writer(services, band.owner, event)

        with pytest.raises(OrganizationRoleMissing):
            write(by=band.member(OrganizationRole.SUPPORT))
        with pytest.raises(EventNotFound):
            write(by=make.user())
        write(by=band.member(OrganizationRole.MANAGER))


class TestPreview:
    def test_sends_nothing(
        self,
        services: Services,
        make: Factory,
        jazz_organizer: User,
        event: EventListing,
        mailer: FakeMailer,
    ) -> None:
        make.buy(make.user(), event.id, quantity=2)
        make.work()
        before = len(mailer.sent)

        preview = services.holder_messages.preview(
            event_id=event.id, organizer=jazz_organizer, subject="Doors", text="Come early."
        )
        make.work()

        assert (preview.recipients, preview.mail.subject) == (1, "Lagos Jazz Night: Doors")
        assert "Come early." in preview.mail.text
        assert len(mailer.sent) == before
