"""Signing in in two steps, by the services."""

import threading
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import update

from app.domain.errors import (
    EmailNotConfirmed,
    LinkInvalid,
    TooManyGuesses,
    TotpRequired,
    TotpWrong,
    TwoStepOff,
    TwoStepOn,
    WrongCredentials,
    WrongPassword,
)
from app.domain.users.totp import STEP, step_at
from app.http.services import Services
from app.models.users.two_step import TwoStepSecret
from app.models.users.users import User
from app.repositories.database import Database
from tests.steps.two_step import App, switched_on
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.racing import at_once

CALLERS = 6


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


def log_in(services: Services, totp: str | None = None) -> None:
    services.sessions.log_in(name="ada", password=PASSWORD, totp=totp)


def succeeds(call: Callable[[], object]) -> bool:
    try:
        call()
    except (TotpWrong, TooManyGuesses, LinkInvalid):
        return False
    return True


class TestConfirm:
    def test_asks_for_codes_from_then_on_and_ends_other_logins(
        self, services: Services, clock: FakeClock, ada: User, make: Factory, mailer: FakeMailer
    ) -> None:
        other = services.sessions.log_in(name="ada", password=PASSWORD)

        app, codes = switched_on(services, clock, ada)

        assert len(set(codes)) == 10
        assert services.sessions.signed_in(other.refresh_token) is None
        with pytest.raises(TotpRequired):
            log_in(services)
        log_in(services, app.next_code())
        make.work()
        assert [mail.subject for mail in mailer.sent] == ["You sign in in two steps now"]

    def test_takes_the_present_code_alone(
        self, services: Services, clock: FakeClock, ada: User
    ) -> None:
        services.two_step.begin(user=ada, password=PASSWORD)
        app = App.reading(services.two_step.set_up(user=ada, issuer="x").secret, clock)
        pair = services.sessions.log_in(name="ada", password=PASSWORD)
        found = services.sessions.signed_in(pair.refresh_token)
        assert found is not None

        for wrong in ("000000", "", app.code(later=timedelta(minutes=2)), "x" * 128):
            with pytest.raises(TotpWrong):
                services.two_step.confirm(user=ada, session_id=found[1], code=wrong)

        assert services.two_step.show(user=ada).since is None
        log_in(services)

    def test_ends_after_half_an_hour(self, services: Services, clock: FakeClock, ada: User) -> None:
        services.two_step.begin(user=ada, password=PASSWORD)

        clock.advance(timedelta(minutes=30))

        with pytest.raises(TwoStepOff):
            services.two_step.set_up(user=ada, issuer="x")

    def test_needs_the_password_and_a_confirmed_address(
        self, services: Services, ada: User
    ) -> None:
        tunde = services.users.register(
            email="tunde@example.com", username="tunde", password=PASSWORD
        )

        with pytest.raises(WrongPassword):
            services.two_step.begin(user=ada, password="wrong")
        with pytest.raises(EmailNotConfirmed):
            services.two_step.begin(user=tunde, password=PASSWORD)

    def test_is_begun_anew_but_not_beside_one_that_is_on(
        self, services: Services, clock: FakeClock, ada: User
    ) -> None:
        services.two_step.begin(user=ada, password=PASSWORD)
        first = services.two_step.set_up(user=ada, issuer="x").secret
        services.two_step.begin(user=ada, password=PASSWORD)
        assert services.two_step.set_up(user=ada, issuer="x").secret != first

        app, _ = switched_on(services, clock, ada)

        with pytest.raises(TwoStepOn):
            services.two_step.begin(user=ada, password=PASSWORD)
        log_in(services, app.next_code())


class TestCode:
    def test_works_once_and_no_older_one_after_it(
        self, services: Services, clock: FakeClock, ada: User
    ) -> None:
        app, _ = switched_on(services, clock, ada)
        with pytest.raises(TotpWrong):
            log_in(services, app.code())  # switched it on

        early = app.code(later=STEP)
        log_in(services, early)

        for used in (early, app.code(), app.next_code()):
            with pytest.raises(TotpWrong):
                log_in(services, used)
        log_in(services, app.next_code())

    def test_lets_one_of_many_in_who_send_it_at_once(
        self, services: Services, clock: FakeClock, ada: User
    ) -> None:
        app, codes = switched_on(services, clock, ada)

        for of_app in (True, False):
            clock.advance(timedelta(minutes=15))  # as long as codes may pause
            code = app.code() if of_app else codes[0]
            send = partial(log_in, services, code)

            assert sum(at_once([partial(succeeds, send)] * CALLERS)) == 1

    def test_of_a_step_is_used_up_by_one_statement(
        self, services: Services, clock: FakeClock, ada: User, database: Database
    ) -> None:
        switched_on(services, clock, ada)
        step = step_at(clock.now()) + 10
        with database.reading() as work:
            secret = work.two_step.find(ada.id)
        assert secret is not None

        def use() -> bool:
            with database.writing() as work:
                return work.two_step.use_step(secret.id, step)

        assert sum(at_once([use] * CALLERS)) == 1

    def test_would_let_many_in_if_it_were_looked_at_first(
        self, services: Services, clock: FakeClock, ada: User, database: Database
    ) -> None:
        # What the test above would see of a hasty repository: the control of the race.
        switched_on(services, clock, ada)
        step, all_looked = step_at(clock.now()) + 10, threading.Barrier(CALLERS)

        def use_hastily() -> bool:
            with database.reading() as work:
                secret = work.two_step.find(ada.id)
                is_new = secret is not None and (secret.last_step or 0) < step
            all_looked.wait(60)
            with database.writing() as work:
                work._transaction.session.execute(update(TwoStepSecret).values(last_step=step))
            return is_new

        assert sum(at_once([use_hastily] * CALLERS)) == CALLERS

    def test_is_counted_and_paused(self, services: Services, clock: FakeClock, ada: User) -> None:
        app, _ = switched_on(services, clock, ada)
        clock.advance(STEP)
        for _ in range(5):
            with pytest.raises(TotpWrong):
                log_in(services, "000000")

        with pytest.raises(TooManyGuesses):
            log_in(services, app.code())
        clock.advance(timedelta(minutes=15))
        log_in(services, app.code())

        with pytest.raises(TotpWrong):  # a right one has cleared the count
            log_in(services, "000000")

    def test_after_a_wrong_password_is_not_looked_at(
        self, services: Services, clock: FakeClock, ada: User
    ) -> None:
        app, _ = switched_on(services, clock, ada)

        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name="ada", password="wrong", totp=app.next_code())

        log_in(services, app.code())

    def test_means_nothing_to_other_accounts(self, services: Services, ada: User) -> None:
        log_in(services, "000000")


class TestSwitchOff:
    def test_takes_the_password_and_a_code(
        self, services: Services, clock: FakeClock, ada: User, make: Factory, mailer: FakeMailer
    ) -> None:
        app, codes = switched_on(services, clock, ada)
        code = app.next_code()
        with pytest.raises(WrongPassword):
            services.two_step.switch_off(user=ada, password="wrong", code=code)
        with pytest.raises(TotpWrong):
            services.two_step.switch_off(user=ada, password=PASSWORD, code="000000")

        services.two_step.switch_off(user=ada, password=PASSWORD, code=code)

        log_in(services)
        with pytest.raises(TwoStepOff):
            services.two_step.switch_off(user=ada, password=PASSWORD, code=codes[0])
        make.work()
        assert mailer.sent[-1].subject == "Your password is enough to sign in again"

    def test_can_be_switched_on_and_off_again(
        self, services: Services, clock: FakeClock, ada: User, make: Factory, mailer: FakeMailer
    ) -> None:
        for _ in range(2):
            app, _codes = switched_on(services, clock, ada)
            services.two_step.switch_off(user=ada, password=PASSWORD, code=app.next_code())
            clock.advance(STEP * 3)
        make.work()

        assert len(mailer.sent) == 4
