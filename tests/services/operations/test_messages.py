from datetime import timedelta
from itertools import pairwise

import pytest

from app.config import Settings
from app.domain.errors import MailerUnavailable, MailRejected
from app.domain.money import Money
from app.http.services import Services
from app.repositories.database import Database
from app.services.operations.mail_delivery import LEASE, MOST_ATTEMPTS, MailDeliveryService
from app.services.operations.mail_limits import MailBudget
from app.wiring.adapters import Adapters
from app.wiring.areas.mails import composers
from tests.support.factories import Factory
from tests.support.fakes import FakeClock, FakeGateway, FakeMailer
from tests.support.pictures import codes_in


@pytest.fixture
def messages(outside: Adapters, settings: Settings) -> MailDeliveryService:
    return MailDeliveryService(
        database=outside.database,
        clock=outside.clock,
        mailer=outside.mailer,
        composers=composers(outside, settings),
        budget=MailBudget(settings.mails_per_address),
    )


class TestSendDue:
    def test_mails_every_ticket_with_a_code_that_scans(
        self, services: Services, outside: Adapters, make: Factory, mailer: FakeMailer
    ) -> None:
        ada = make.user()
        event = make.event(title="Jazz <Night>", location="Terra Kulture", price="2500")
        reference = make.pay(ada, event.id, quantity=2).payment.reference
        tickets = services.settlement.settle(reference).tickets

        make.work()

        (mail,) = mailer.to(ada.email)
        scanned = [code for attachment in mail.attachments for code in codes_in(attachment.content)]
        assert [outside.signer.read(code).short_code for code in scanned] == [
            ticket.code for ticket in tickets
        ]
        assert mail.subject == "Your tickets for Jazz <Night>"
        assert all(part in mail.text for part in ("Terra Kulture", "NGN 5,000.00", "(WAT)"))
        assert all(f"https://shop.test/t/{ticket.link_key}" in mail.text for ticket in tickets)
        assert mail.html is not None
        assert "Jazz &lt;Night&gt;" in mail.html
        assert all(f"cid:{part.content_id}" in mail.html for part in mail.attachments)

    def test_tells_of_money_that_goes_back(
        self, services: Services, make: Factory, mailer: FakeMailer, gateway: FakeGateway
    ) -> None:
        gateway.pays_at_once = False
        ada = make.user()
        payment = make.pay(ada, make.event(title="Jazz").id).payment
        gateway.pay(payment.reference, Money(100, "NGN"))
        services.settlement.settle(payment.reference)

        make.work()

        (mail,) = mailer.to(ada.email)
        assert mail.subject == "Your payment for Jazz goes back to you"
        assert "NGN 1.00" in mail.text
        assert payment.reference in mail.text
        assert mail.attachments == ()

    def test_sends_each_message_once(
        self, messages: MailDeliveryService, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        event = make.event()
        buyers = [make.user() for _ in range(5)]
        for buyer in buyers:
            make.buy(buyer, event.id)

        tried = [messages.send_due(limit=2) for _ in range(4)]
        clock.advance(timedelta(days=1))
        make.work()

        assert tried == [2, 2, 1, 0]
        assert sorted(mail.to for mail in mailer.sent) == sorted(buyer.email for buyer in buyers)
        assert len({mail.key for mail in mailer.sent}) == 5

    def test_tries_again_later_and_later_under_the_same_key(
        self, messages: MailDeliveryService, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        make.buy(make.user(), make.event().id)
        mailer.failure = MailerUnavailable("421 try later")
        tried_at = []
        for minute in range(60):
            if messages.send_due():
                tried_at.append(minute)
            clock.advance(timedelta(minutes=1))
        mailer.failure = None
        clock.advance(timedelta(hours=1))

        make.work()

        waits = [later - earlier for earlier, later in pairwise(tried_at)]
        assert len(mailer.sent) == 1
        assert waits == sorted(waits)
        assert waits[-1] > 10

    def test_gives_up_after_the_last_attempt(
        self,
        services: Services,
        messages: MailDeliveryService,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
    ) -> None:
        make.buy(make.user(), make.event().id)
        mailer.failure = MailerUnavailable("421 try later")
        attempts = 0
        for _ in range(MOST_ATTEMPTS + 3):
            attempts += messages.send_due()
            clock.advance(timedelta(hours=4))
        mailer.failure = None

        make.work()

        assert attempts == MOST_ATTEMPTS
        assert mailer.sent == []
        assert services.health.readiness().outbox_age is None

    def test_buries_what_is_refused_for_good_and_sends_the_rest(
        self, messages: MailDeliveryService, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        event = make.event()
        make.buy(make.user(), event.id)
        mailer.failure = MailRejected("550 no such user")
        messages.send_due()
        mailer.failure = None
        bola = make.user()
        make.buy(bola, event.id)

        clock.advance(timedelta(days=1))
        make.work()

        assert [mail.to for mail in mailer.sent] == [bola.email]

    def test_sends_what_a_dead_worker_had_taken(
        self, make: Factory, mailer: FakeMailer, database: Database, clock: FakeClock
    ) -> None:
        make.buy(make.user(), make.event().id)
        now = clock.now()
        with database.writing() as work:
            assert work.outbox.take(now=now, lasts=LEASE)
        make.work()
        assert mailer.sent == []

        clock.advance(LEASE)
        make.work()

        assert len(mailer.sent) == 1

    def test_sends_each_once_by_two_workers_to_a_slow_mail_server(
        self, messages: MailDeliveryService, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        event = make.event(capacity=50)
        for _ in range(22):
            make.buy(make.user(), event.id)
        are_busy: list[bool] = []

        def take_your_time() -> None:
            clock.advance(timedelta(seconds=18))
            if not are_busy:
                are_busy.append(True)
                messages.send_due(limit=1)
                are_busy.clear()

        mailer.before_send = take_your_time
        while messages.send_due():
            pass

        assert len(mailer.sent) == len({mail.key for mail in mailer.sent}) == 22

    def test_sends_nothing_under_a_lease_that_was_lost(
        self, messages: MailDeliveryService, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        make.buy(make.user(), make.event().id)
        sent_by_other: list[int] = []

        def fall_asleep() -> None:
            mailer.before_send = None
            clock.advance(LEASE)
            sent_by_other.append(messages.send_due())

        mailer.before_send = fall_asleep
        messages.send_due()
        clock.advance(timedelta(days=1))
        make.work()

        # Nobody can take back what is being handed over; the key tells that both are one mail.
        assert sent_by_other == [1]
        assert len({mail.key for mail in mailer.sent}) == 1
        assert len(mailer.sent) == 2
