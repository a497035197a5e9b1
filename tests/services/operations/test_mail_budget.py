"""What one address gets a day, from all senders together."""

from datetime import timedelta

from app.config import Settings
from app.domain.errors import MailerUnavailable
from app.domain.events.changes import EventChanges
from app.domain.ports import Mail
from app.domain.states import OutboxStatus, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.operations.mail_limits import MailBudget
from app.services.users.guests import Guest
from tests.steps.selling import BoxOffice
from tests.steps.transfers import HandOver
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer

DAY = timedelta(days=1)
VICTIM = "victim@example.com"
STRANGER = Guest(name="Chi Eze", email=VICTIM)


def buy_free_tickets(make: Factory, buyer: User, times: int) -> None:
    """Each is a mail to the buyer's address, which was not confirmed."""
    event = make.event(price="0", max_per_buyer=100)
    for _ in range(times):
        make.order(buyer, event.id)
    make.work()


class TestBudget:
    def test_bounds_what_reaches_an_address_a_day(
        self, settings: Settings, make: Factory, mailer: FakeMailer
    ) -> None:
        most = settings.mails_per_address
        victim = make.user()

        buy_free_tickets(make, victim, most + 3)

        assert len(mailer.to(victim.email)) == most

    def test_delays_what_is_above_it_until_the_next_day(
        self,
        settings: Settings,
        database: Database,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
    ) -> None:
        victim = make.user()
        buy_free_tickets(make, victim, settings.mails_per_address + 3)
        with database.reading() as work:
            waiting = work.outbox.page(status=OutboxStatus.DUE, kind=None, after=None, limit=9)

        clock.advance(DAY)
        make.work()

        assert [message.last_error for message in waiting.items] == [
            "The address has got as many mails today as MAILS_PER_ADDRESS allows."
        ] * 3
        assert len(mailer.to(victim.email)) == settings.mails_per_address + 3

    def test_is_each_addresss_own(
        self, settings: Settings, make: Factory, mailer: FakeMailer
    ) -> None:
        buy_free_tickets(make, make.user(), settings.mails_per_address + 1)
        other = make.user()

        buy_free_tickets(make, other, 1)

        assert len(mailer.to(other.email)) == 1

    def test_never_holds_back_tickets_that_were_paid(
        self, services: Services, settings: Settings, make: Factory, mailer: FakeMailer
    ) -> None:
        ada = make.user()
        buy_free_tickets(make, ada, settings.mails_per_address + 1)

        make.buy(ada, make.event(title="Paid night", price="2500").id)
        make.work()

        assert mailer.to(ada.email)[-1].subject == "Your ticket for Paid night"

    def test_never_holds_back_the_links_an_owner_asks_for(
        self,
        services: Services,
        settings: Settings,
        database: Database,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
    ) -> None:
        ada = services.users.register(email="ada@example.com", username="ada", password=PASSWORD)
        make.work()
        sent = len(mailer.to(ada.email))
        offer = Mail(key="1", to=ada.email, subject="A ticket is offered to you", text="")
        budget = MailBudget(settings.mails_per_address)
        with database.writing() as work:
            while budget.take(work, offer, now=clock.now()) is None:
                pass

        services.account_requests.request_reset(email=ada.email)
        services.account_requests.send_confirmation(user_id=ada.id)
        make.work()

        links = [mail.text for mail in mailer.to(ada.email)[sent:]]
        assert ["/account/reset?" in links[0], "/account/confirm?" in links[1]] == [True, True]

    def test_bounds_links_that_confirm_an_address(
        self, services: Services, settings: Settings, make: Factory, mailer: FakeMailer
    ) -> None:
        for number in range(settings.mails_per_address + 3):
            stranger = make.user(name=f"stranger{number}")
            services.users.edit(user_id=stranger.id, email=VICTIM, current_password=PASSWORD)
        make.work()

        assert len(mailer.to(VICTIM)) == settings.mails_per_address

    def test_is_not_used_up_by_a_mail_server_that_is_away(
        self, settings: Settings, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        ada = make.user()
        mailer.failure = MailerUnavailable("The mail server cannot be used.")
        buy_free_tickets(make, ada, 2)
        for _ in range(4):
            clock.advance(timedelta(minutes=30))
            make.work()
        mailer.failure = None

        clock.advance(timedelta(hours=5))
        make.work()
        buy_free_tickets(make, ada, settings.mails_per_address)

        assert len(mailer.to(ada.email)) == settings.mails_per_address


class TestSubject:
    def test_of_an_offer_holds_no_text_of_the_giver(
        self, hand_over: HandOver, make: Factory, mailer: FakeMailer
    ) -> None:
        hand_over.offer("chi@example.com", name="Chi")

        make.work()

        (mail,) = mailer.to("chi@example.com")
        assert mail.subject == "A ticket is offered to you"
        assert hand_over.ada.username in mail.text


class TestBudgetOfStrangers:
    """Who got tickets at the desk has not asked for mail: cash is what the organizer says."""

    def test_bounds_mail_about_cash(
        self, services: Services, settings: Settings, make: Factory, mailer: FakeMailer
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        desk = BoxOffice(services, organizer, make.event(organizer=organizer).id)

        for _ in range(settings.mails_per_address + 3):
            desk.sell(buyer=STRANGER)
        make.work()

        assert len(mailer.to(VICTIM)) == settings.mails_per_address

    def test_bounds_mail_about_changes_apart_from_the_rest(
        self, services: Services, settings: Settings, make: Factory, mailer: FakeMailer
    ) -> None:
        organizer = make.user(role=Role.ORGANIZER)
        event = make.event(organizer=organizer)
        BoxOffice(services, organizer, event.id).sell(buyer=STRANGER)
        make.work()

        for number in range(settings.mails_per_address + 3):
            services.events.edit(
                event_id=event.id,
                organizer=organizer,
                changes=EventChanges(location=f"Hall {number}"),
            )
            make.work()

        assert len(mailer.to(VICTIM)) == 1 + settings.mails_per_address
