from datetime import timedelta

import pytest

from app.domain.errors import EmailConfirmedAlready, LinkInvalid, TooManyMails
from app.http.services import Services
from app.models.users.users import User
from app.services.users.account_requests import CONFIRMATION_LIFE
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.links import token_in


class TestConfirmation:
    def test_is_asked_for_when_an_account_is_opened(
        self, services: Services, make: Factory, mailer: FakeMailer, new_user: User
    ) -> None:
        assert not new_user.email_confirmed
        make.work()

        services.account_requests.confirm_email(token=token_in(mailer, new_user))

        found = services.users.find(email=new_user.email, username=new_user.username)
        assert found is not None
        assert found.email_confirmed

    def test_is_not_needed_to_log_in_and_buy(
        self, services: Services, make: Factory, new_user: User
    ) -> None:
        services.sessions.log_in(name=new_user.username, password=PASSWORD)

        assert len(make.buy(new_user, make.event().id).tickets) == 1

    def test_works_once_and_for_seven_days(
        self,
        services: Services,
        make: Factory,
        mailer: FakeMailer,
        clock: FakeClock,
        new_user: User,
    ) -> None:
        make.work()
        token = token_in(mailer, new_user)
        clock.advance(CONFIRMATION_LIFE - timedelta(seconds=1))

        services.account_requests.confirm_email(token=token)

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=token)

    def test_can_be_sent_again_until_it_is_done(
        self, services: Services, make: Factory, mailer: FakeMailer, new_user: User
    ) -> None:
        make.work()
        old = token_in(mailer, new_user)

        services.account_requests.send_confirmation(user_id=new_user.id)
        make.work()

        with pytest.raises(LinkInvalid):
            services.account_requests.confirm_email(token=old)
        services.account_requests.confirm_email(token=token_in(mailer, new_user))
        with pytest.raises(EmailConfirmedAlready):
            services.account_requests.send_confirmation(user_id=new_user.id)

    def test_is_sent_again_a_few_times_an_hour(
        self, services: Services, new_user: User, clock: FakeClock
    ) -> None:
        for _ in range(5):
            services.account_requests.send_confirmation(user_id=new_user.id)

        with pytest.raises(TooManyMails):
            services.account_requests.send_confirmation(user_id=new_user.id)

        clock.advance(timedelta(hours=1))
        services.account_requests.send_confirmation(user_id=new_user.id)
