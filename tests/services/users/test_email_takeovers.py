"""What thieves of accounts, and people who open accounts with others' addresses, cannot do."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.config import Settings
from app.domain.errors import (
    EmailTaken,
    LinkInvalid,
    PasswordNeeded,
    WrongPassword,
)
from app.domain.ports import Mail
from app.domain.states import AccountRequestKind, OutboxKind
from app.domain.users.attempts import AttemptLimit
from app.domain.users.passwords import CommonPasswords
from app.http.services import Services
from app.models.users.account_requests import AccountRequest
from app.models.users.users import User
from app.repositories.database import Database
from app.services.operations.mail_limits import MailBudget
from app.services.users.email_changes import UNDO_LIFE
from app.services.users.password_checks import PasswordChecks
from app.services.users.users import UserService
from app.wiring.adapters import Adapters
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import START, FakeClock, FakeHasher, FakeMailer
from tests.support.links import token_in
from tests.support.racing import until, writers_waiting

OLD, NEW, THIRD = "ada@example.com", "thief@new.example.com", "thief@third.example.com"
OTHER_PASSWORD = "another good one"


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


@pytest.fixture
def ask(services: Services, make: Factory) -> Callable[[User, str], None]:
    """A person who knows the password asks for another address; the mails go out."""

    def ask(user: User, email: str) -> None:
        services.users.edit(user_id=user.id, email=email, current_password=PASSWORD)
        make.work()

    return ask


Ask = Callable[[User, str], None]


@pytest.fixture
def change(services: Services, mailer: FakeMailer, ask: Ask) -> Ask:
    """As ``ask``, and the new address confirms."""

    def change(user: User, email: str) -> None:
        ask(user, email)
        services.account_requests.confirm_email(token=token_in(mailer, email))

    return change


def address_of(services: Services, user: User) -> str:
    return services.users.edit(user_id=user.id).email


class TestUndoLink:
    def test_survives_what_a_thief_undoes(
        self, services: Services, mailer: FakeMailer, ada: User, change: Ask
    ) -> None:
        change(ada, NEW)
        first = token_in(mailer, OLD)
        change(ada, THIRD)
        services.email_changes.undo(token=token_in(mailer, NEW))
        assert address_of(services, ada) == NEW

        services.email_changes.undo(token=first)

        assert address_of(services, ada) == OLD

    def test_ends_those_of_later_changes(
        self, services: Services, mailer: FakeMailer, ada: User, change: Ask
    ) -> None:
        change(ada, NEW)
        change(ada, THIRD)

        services.email_changes.undo(token=token_in(mailer, OLD))

        with pytest.raises(LinkInvalid):
            services.email_changes.undo(token=token_in(mailer, NEW))
        assert address_of(services, ada) == OLD

    def test_keeps_the_old_address_from_new_accounts(
        self, services: Services, ada: User, change: Ask, clock: FakeClock
    ) -> None:
        change(ada, NEW)

        with pytest.raises(EmailTaken):
            services.users.register(email="ADA@example.com", username="thief", password=PASSWORD)

        clock.advance(UNDO_LIFE)
        services.users.register(email="ADA@example.com", username="thief", password=PASSWORD)

    def test_is_sent_to_an_address_that_was_flooded(
        self,
        services: Services,
        database: Database,
        make: Factory,
        mailer: FakeMailer,
        settings: Settings,
        ada: User,
    ) -> None:
        flood = Mail(key="flood", to=OLD, subject="", text="")
        with database.writing() as work:
            for _ in range(settings.mails_per_address):
                MailBudget(settings.mails_per_address).take(work, flood, now=START)

        services.users.edit(user_id=ada.id, email=NEW, current_password=PASSWORD)
        make.work()

        assert "/account/undo" in mailer.to(OLD)[-1].text

    def test_takes_back_a_change_that_is_confirmed_at_this_moment(
        self, services: Services, database: Database, mailer: FakeMailer, ada: User, ask: Ask
    ) -> None:
        ask(ada, NEW)

        with ThreadPoolExecutor() as pool:
            with database.writing() as work:
                user = work.users.lock(ada.id)
                user.rename(email=NEW, username=None)
                work.users.save()
                undone = pool.submit(services.email_changes.undo, token=token_in(mailer, OLD))
                until(lambda: writers_waiting(database) == 1)
            undone.result()

        assert address_of(services, ada) == OLD


class TestUnconfirmedAddress:
    def test_is_not_told_of_a_change_as_it_may_be_a_stranger_s(
        self, services: Services, make: Factory, mailer: FakeMailer, new_user: User, change: Ask
    ) -> None:
        make.work()
        mistyped = token_in(mailer, new_user)

        change(new_user, "zoe@right.example.com")

        assert [mail.subject for mail in mailer.to(new_user.email)] == [
            "Confirm your e-mail address"
        ]
        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=mistyped)
        services.users.register(email=new_user.email, username="stranger", password=PASSWORD)

    def test_takes_its_account_along_when_its_reader_accepts_a_ticket(
        self,
        services: Services,
        outside: Adapters,
        make: Factory,
        mailer: FakeMailer,
        new_user: User,
        ask: Ask,
    ) -> None:
        ask(new_user, THIRD)
        thief_s = token_in(mailer, THIRD)
        giver = make.user()
        (ticket,) = make.buy(giver, make.event().id).tickets
        offer = services.transfers.offer(
            ticket_id=ticket.id, giver=giver, email=new_user.email, name=None
        )

        services.transfers.accept(token=outside.links.issue(offer.link_subject))

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=thief_s)


class TestNewPassword:
    def test_ends_a_change_that_waits(
        self, services: Services, mailer: FakeMailer, ada: User, ask: Ask
    ) -> None:
        ask(ada, NEW)

        services.users.change_password(user_id=ada.id, current=PASSWORD, new=OTHER_PASSWORD)

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=token_in(mailer, NEW))

    def test_by_mail_ends_a_change_that_waits(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User, ask: Ask
    ) -> None:
        ask(ada, NEW)
        services.account_requests.request_reset(email=OLD)
        make.work()

        services.account_requests.set_new_password(
            token=token_in(mailer, OLD), new_password=OTHER_PASSWORD
        )

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=token_in(mailer, NEW))

    def test_cannot_be_set_by_mail_to_an_address_the_account_does_not_have(
        self, services: Services, database: Database, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        with database.writing() as work:  # as asked for while the change was undone
            request = AccountRequest(
                user_id=ada.id,
                kind=AccountRequestKind.RESET,
                email=NEW,
                created_at=START,
                expires_at=START + timedelta(hours=1),
            )
            work.account_requests.open(request)
            work.outbox.enqueue(OutboxKind.PASSWORD_RESET, request.id, event_id=None, now=START)
        make.work()

        with pytest.raises(LinkInvalid):
            services.account_requests.set_new_password(
                token=token_in(mailer, NEW), new_password=OTHER_PASSWORD
            )


class TestAsking:
    def test_takes_the_password_for_a_domain_that_only_looks_the_same(
        self, services: Services
    ) -> None:
        user = services.users.register(
            email="ada@strasse.example",
            username="ada",
            password=PASSWORD,
            email_is_confirmed=True,
        )

        with pytest.raises(PasswordNeeded):
            services.users.edit(user_id=user.id, email="ada@straße.example")

    def test_for_the_present_address_ends_a_change_that_waits(
        self, services: Services, mailer: FakeMailer, ada: User, ask: Ask
    ) -> None:
        ask(ada, NEW)

        services.users.edit(user_id=ada.id, email=OLD)

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=token_in(mailer, NEW))

    @pytest.mark.parametrize("what", ["address", "password"])
    def test_is_refused_when_the_password_changes_meanwhile(
        self, services: Services, database: Database, clock: FakeClock, ada: User, what: str
    ) -> None:
        class SlowHasher(FakeHasher):
            def verify(self, password: str, hashed: str | None) -> bool:
                is_right = super().verify(password, hashed)
                services.users.change_password(user_id=ada.id, current=PASSWORD, new=OTHER_PASSWORD)
                return is_right

        limit = AttemptLimit(free=100, window=timedelta(hours=1))
        hasher = SlowHasher()
        thief_s = UserService(
            database=database,
            clock=clock,
            hasher=hasher,
            refused_passwords=CommonPasswords(()),
            registrations=limit,
            passwords=PasswordChecks(database=database, clock=clock, hasher=hasher, limit=limit),
        )

        with pytest.raises(WrongPassword):
            act(thief_s, ada, what)

        services.users.change_password(user_id=ada.id, current=OTHER_PASSWORD, new=PASSWORD)


def act(users: UserService, user: User, what: str) -> None:
    if what == "address":
        users.edit(user_id=user.id, email=NEW, current_password=PASSWORD)
    else:
        users.change_password(user_id=user.id, current=PASSWORD, new="the thief's own")
