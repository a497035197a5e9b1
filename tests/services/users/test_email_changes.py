"""A new address: asked for with the password, used when its reader confirms, taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.domain.errors import (
    EmailTaken,
    LinkInvalid,
    NotLoggedIn,
    PasswordNeeded,
    TooManyGuesses,
    TooManyMails,
    WrongCredentials,
    WrongPassword,
)
from app.http.services import Services
from app.models.users.users import User
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.links import token_in

NEW = "ada@new.example.com"


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


def ask(services: Services, user: User, email: str = NEW) -> User:
    return services.users.edit(user_id=user.id, email=email, current_password=PASSWORD)


def address_of(services: Services, user: User) -> tuple[str, bool]:
    """As the shop has it now, and whether it is confirmed."""
    now = services.users.edit(user_id=user.id)
    return now.email, now.email_confirmed


class TestAskingForAChange:
    def test_takes_the_password(self, services: Services, ada: User) -> None:
        with pytest.raises(PasswordNeeded):
            services.users.edit(user_id=ada.id, email=NEW)
        with pytest.raises(WrongPassword):
            services.users.edit(user_id=ada.id, email=NEW, current_password="a guess")

        assert address_of(services, ada) == ("ada@example.com", True)

    def test_changes_nothing_until_the_new_address_confirms(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        asked = ask(services, ada)
        make.work()

        assert asked.email == "ada@example.com"
        services.account_requests.confirm_email(token=token_in(mailer, NEW))

        assert address_of(services, ada) == (NEW, True)
        services.sessions.log_in(name=NEW.upper(), password=PASSWORD)

    def test_tells_both_addresses(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        ask(services, ada)
        make.work()

        assert sorted(mail.to for mail in mailer.sent) == ["ada@example.com", NEW]

    def test_needs_nothing_for_the_same_address_in_other_letters(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        same = services.users.edit(user_id=ada.id, email="ADA@example.com")
        make.work()

        assert (same.email, same.email_confirmed) == ("ADA@example.com", True)
        assert mailer.sent == []

    def test_makes_way_for_a_newer_one(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        ask(services, ada)
        make.work()
        first = token_in(mailer, NEW)
        ask(services, ada, "ada@third.example.com")

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=first)

    def test_is_refused_when_somebody_has_the_address_meanwhile(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        ask(services, ada)
        make.work()
        services.users.register(email=NEW, username="bola", password=PASSWORD)

        with pytest.raises(EmailTaken):
            services.account_requests.confirm_email(token=token_in(mailer, NEW))

    def test_sends_few_mails(self, services: Services, ada: User) -> None:
        for number in range(5):
            ask(services, ada, f"ada{number}@new.example.com")

        with pytest.raises(TooManyMails):
            ask(services, ada)

    def test_tells_of_few_addresses_whether_they_have_accounts(
        self, services: Services, make: Factory, ada: User
    ) -> None:
        others = [make.user() for _ in range(6)]
        for other in others[:5]:
            with pytest.raises(EmailTaken):
                ask(services, ada, other.email)

        with pytest.raises(TooManyMails):
            ask(services, ada, others[5].email)


class TestUndo:
    @pytest.mark.parametrize("is_confirmed", [False, True], ids=["at once", "after the change"])
    def test_gives_the_old_address_back_and_locks_out_who_asked(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
        ada: User,
        is_confirmed: bool,
    ) -> None:
        login = services.sessions.log_in(name="ada", password=PASSWORD)
        ask(services, ada)
        make.work()
        undo, change = token_in(mailer, ada), token_in(mailer, NEW)
        if is_confirmed:
            services.account_requests.confirm_email(token=change)
            clock.advance(timedelta(days=7))

        services.email_changes.undo(token=undo)
        make.work()

        assert address_of(services, ada) == ("ada@example.com", True)
        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name="ada", password=PASSWORD)
        with pytest.raises(NotLoggedIn):
            services.sessions.caller(services.sessions.claims_of(login.access_token))
        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=change)
        services.account_requests.set_new_password(
            token=token_in(mailer, ada), new_password="another good one"
        )

    def test_works_once(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        ask(services, ada)
        make.work()
        token = token_in(mailer, ada)
        services.email_changes.undo(token=token)

        with pytest.raises(LinkInvalid):
            services.email_changes.undo(token=token)


class TestDecline:
    def test_locks_out_an_account_that_nobody_confirmed(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        mallory = services.users.register(
            email="victim@example.com", username="mallory", password=PASSWORD
        )
        make.work()
        token = token_in(mailer, mallory)

        services.email_changes.decline(token=token)

        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name="mallory", password=PASSWORD)
        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=token)

    def test_leaves_an_account_its_old_address(
        self, services: Services, make: Factory, mailer: FakeMailer, ada: User
    ) -> None:
        ask(services, ada)
        make.work()

        services.email_changes.decline(token=token_in(mailer, NEW))

        services.sessions.log_in(name="ada", password=PASSWORD)
        assert address_of(services, ada) == ("ada@example.com", True)


def refusal_of(guess: Callable[[], object]) -> type[Exception]:
    with pytest.raises((WrongPassword, TooManyGuesses)) as refused:
        guess()
    return refused.type


class TestCurrentPassword:
    def test_cannot_be_guessed_for_long(
        self, services: Services, clock: FakeClock, ada: User
    ) -> None:
        def guess() -> None:
            services.users.change_password(user_id=ada.id, current="a guess", new="x" * 8)

        refusals = [refusal_of(guess) for _ in range(50)]

        tries = refusals.index(TooManyGuesses)
        assert 5 <= tries <= 20
        assert set(refusals[:tries]) == {WrongPassword}
        with pytest.raises(TooManyGuesses):
            ask(services, ada)
        clock.advance(timedelta(minutes=5))
        ask(services, ada)
