from datetime import timedelta

import pytest

from app.domain.errors import (
    LinkInvalid,
    NotLoggedIn,
    PasswordTooCommon,
    TooManyLogins,
    TooManyMails,
    WrongCredentials,
)
from app.domain.users.passwords import MOST_COMMON, CommonPasswords
from app.http.services import Services
from app.models.users.users import User
from app.services.users.account_requests import RESET_LIFE, AccountRequestService
from app.services.users.guest_claims import GuestClaims
from app.services.users.mailed_requests import MailedRequests
from app.wiring.adapters import Adapters
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.links import token_in
from tests.support.racing import at_once

NEW = "another good one"


def reset_token(services: Services, make: Factory, mailer: FakeMailer, user: User) -> str:
    services.account_requests.request_reset(email=user.email)
    make.work()
    return token_in(mailer, user)


class TestReset:
    def test_sets_a_password_and_ends_every_login(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        ada = make.user()
        pair = services.sessions.log_in(name=ada.username, password=PASSWORD)
        token = reset_token(services, make, mailer, ada)

        services.account_requests.set_new_password(token=token, new_password=NEW)

        services.sessions.log_in(name=ada.username, password=NEW)
        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name=ada.username, password=PASSWORD)
        with pytest.raises(NotLoggedIn):
            services.sessions.caller(services.sessions.claims_of(pair.access_token))

    def test_confirms_the_address_the_mail_went_to(
        self, services: Services, make: Factory, mailer: FakeMailer, new_user: User
    ) -> None:
        token = reset_token(services, make, mailer, new_user)

        services.account_requests.set_new_password(token=token, new_password=NEW)

        found = services.users.find(email=new_user.email, username=new_user.username)
        assert found is not None
        assert found.email_confirmed

    def test_lets_in_whoever_was_locked_out(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        ada = make.user()
        for _ in range(10):
            with pytest.raises(WrongCredentials):
                services.sessions.log_in(name=ada.username, password="forgotten")
        with pytest.raises(TooManyLogins):
            services.sessions.log_in(name=ada.username, password=PASSWORD)
        token = reset_token(services, make, mailer, ada)

        services.account_requests.set_new_password(token=token, new_password=NEW)

        services.sessions.log_in(name=ada.username, password=NEW)

    def test_works_once_also_for_those_who_come_together(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        token = reset_token(services, make, mailer, make.user())

        def attempt() -> bool:
            try:
                services.account_requests.set_new_password(token=token, new_password=NEW)
            except LinkInvalid:
                return False
            return True

        assert sorted(at_once([attempt] * 4)) == [False, False, False, True]

    def test_ends_after_an_hour(
        self, services: Services, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        ada = make.user()
        token = reset_token(services, make, mailer, ada)
        clock.advance(RESET_LIFE - timedelta(microseconds=1))
        services.account_requests.ensure_resets(token=token)

        clock.advance(timedelta(microseconds=1))

        with pytest.raises(LinkInvalid):
            services.account_requests.set_new_password(token=token, new_password=NEW)

    @pytest.mark.parametrize("end", ["newer one", "password", "address"])
    def test_ends_with_whatever_makes_it_stale(
        self, services: Services, make: Factory, mailer: FakeMailer, end: str
    ) -> None:
        ada = make.user()
        token = reset_token(services, make, mailer, ada)

        match end:
            case "newer one":
                services.account_requests.request_reset(email=ada.email)
            case "password":
                services.users.change_password(user_id=ada.id, current=PASSWORD, new=NEW)
            case "address":
                new = "elsewhere@example.com"
                services.users.edit(user_id=ada.id, email=new, current_password=PASSWORD)
                make.work()
                services.account_requests.confirm_email(token=token_in(mailer, new))

        with pytest.raises(LinkInvalid):
            services.account_requests.set_new_password(token=token, new_password="mine now, ha")

    def test_is_not_a_confirmation_nor_the_other_way_round(
        self, services: Services, make: Factory, mailer: FakeMailer, new_user: User
    ) -> None:
        make.work()
        confirmation = token_in(mailer, new_user)
        reset = reset_token(services, make, mailer, new_user)

        with pytest.raises(LinkInvalid):
            services.account_requests.set_new_password(token=confirmation, new_password=NEW)
        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=reset)
        services.account_requests.set_new_password(token=reset, new_password=NEW)

    def test_refuses_a_common_password_and_can_be_tried_again(
        self, services: Services, outside: Adapters, make: Factory, mailer: FakeMailer
    ) -> None:
        strict = AccountRequestService(
            database=outside.database,
            clock=outside.clock,
            hasher=outside.hasher,
            requests=MailedRequests(outside.links),
            refused_passwords=CommonPasswords(MOST_COMMON),
            claims=GuestClaims(database=outside.database),
            signal=outside.signal,
        )
        token = reset_token(services, make, mailer, make.user())

        with pytest.raises(PasswordTooCommon):
            strict.set_new_password(token=token, new_password="password123")

        strict.set_new_password(token=token, new_password=NEW)


class TestRequestReset:
    def test_mails_nobody_who_has_no_account(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        services.account_requests.request_reset(email="nobody@example.com")

        make.work()

        assert mailer.sent == []

    def test_takes_the_address_in_whatever_letters(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        ada = make.user()

        services.account_requests.request_reset(email=ada.email.upper())
        make.work()

        assert [mail.subject for mail in mailer.to(ada.email)] == ["Set a new password"]

    def test_is_limited_for_one_address_and_day(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        ada = make.user()
        for _ in range(4):
            for _ in range(5):
                services.account_requests.request_reset(email=ada.email)
            clock.advance(timedelta(hours=1))

        with pytest.raises(TooManyMails) as refusal:
            services.account_requests.request_reset(email=ada.email)

        assert timedelta(hours=19) < refusal.value.retry_after <= timedelta(hours=24)
        clock.advance(refusal.value.retry_after)
        services.account_requests.request_reset(email=ada.email)

    @pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
    def test_is_limited_for_one_address_whether_there_is_an_account(
        self, services: Services, make: Factory, clock: FakeClock, email: str
    ) -> None:
        make.user(name="ada")
        for _ in range(5):
            services.account_requests.request_reset(email=email)

        with pytest.raises(TooManyMails) as refusal:
            services.account_requests.request_reset(email=email.upper())

        assert refusal.value.retry_after == timedelta(hours=1)
        services.account_requests.request_reset(email="somebody@example.com")
        clock.advance(timedelta(hours=1))
        services.account_requests.request_reset(email=email)

    def test_sends_only_the_newest_link(
        self, services: Services, make: Factory, mailer: FakeMailer
    ) -> None:
        ada = make.user()
        for _ in range(3):
            services.account_requests.request_reset(email=ada.email)

        make.work()

        assert len(mailer.to(ada.email)) == 1
        token = token_in(mailer, ada)
        services.account_requests.set_new_password(token=token, new_password=NEW)


class TestForgetEnded:
    def test_deletes_what_ended_a_week_ago(
        self, services: Services, make: Factory, mailer: FakeMailer, clock: FakeClock
    ) -> None:
        ada = make.user()
        token = reset_token(services, make, mailer, ada)
        clock.advance(RESET_LIFE + timedelta(days=7, seconds=1))

        services.retention.delete_ended()

        with pytest.raises(LinkInvalid):
            services.account_requests.set_new_password(token=token, new_password=NEW)
