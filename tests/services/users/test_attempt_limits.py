"""Guessers are slowed down, and no one else."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.config import Settings
from app.domain.errors import (
    TooManyLogins,
    TooManyMails,
    TooManyRegistrations,
    WrongCredentials,
)
from app.domain.users.attempts import ClientAddress
from app.http.services import Services
from app.models.users.attempts import AttemptCount
from app.repositories.database import Database
from app.services.users.mailed_requests import ASKED_FROM_ONE
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock
from tests.support.racing import at_once

HOME = ClientAddress.of("198.51.100.7")
NEIGHBOUR = ClientAddress.of("198.51.100.8")
STRANGER = ClientAddress.of("203.0.113.5")
Guess = Callable[[str, ClientAddress], None]


@pytest.fixture
def guess(services: Services) -> Guess:
    """Try a wrong password."""

    def wrong(name: str, client: ClientAddress) -> None:
        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name=name, password="wrong", client=client)

    return wrong


class TestLogIn:
    def test_makes_a_guesser_wait_longer_each_time(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock, guess: Guess
    ) -> None:
        make.user(name="ada")
        for _ in range(settings.login_attempts):
            guess("ada", STRANGER)

        pauses = []
        for _ in range(4):
            with pytest.raises(TooManyLogins) as refusal:
                services.sessions.log_in(name="ada", password="wrong", client=STRANGER)
            pauses.append(refusal.value.retry_after.total_seconds())
            clock.advance(refusal.value.retry_after)
            guess("ada", STRANGER)

        assert pauses == [1, 2, 4, 8]

    def test_never_makes_the_owner_wait_longer_than_minutes(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock, guess: Guess
    ) -> None:
        make.user(name="ada")
        for _ in range(settings.login_attempts + 20):
            guess("ada", STRANGER)
            clock.advance(timedelta(minutes=5))

        services.sessions.log_in(name="ada", password=PASSWORD, client=HOME)

    def test_does_not_delay_the_owner_at_home_for_strangers(
        self, services: Services, make: Factory, settings: Settings, guess: Guess
    ) -> None:
        make.user(name="ada")
        services.sessions.log_in(name="ada", password=PASSWORD, client=HOME)
        for _ in range(settings.login_attempts):
            guess("ada", STRANGER)
        with pytest.raises(TooManyLogins):
            services.sessions.log_in(name="ada", password="wrong", client=STRANGER)

        services.sessions.log_in(name="ada", password=PASSWORD, client=NEIGHBOUR)

    def test_does_not_delay_the_owner_for_others_behind_the_same_address(
        self, services: Services, make: Factory, settings: Settings, guess: Guess
    ) -> None:
        ada = make.user(name="ada")
        services.sessions.log_in(name="ada", password=PASSWORD, client=HOME)
        for number in range(settings.login_attempts_from_address):
            guess(f"nobody{number}", HOME)
        with pytest.raises(TooManyLogins):
            services.sessions.log_in(name="nobody", password="wrong", client=HOME)

        pair = services.sessions.log_in(name="ada", password=PASSWORD, client=HOME)

        claims = services.sessions.claims_of(pair.access_token)
        assert services.sessions.caller(claims).id == ada.id

    def test_counts_wrong_passwords_at_home_as_well(
        self, services: Services, make: Factory, settings: Settings, guess: Guess
    ) -> None:
        make.user(name="ada")
        services.sessions.log_in(name="ada", password=PASSWORD, client=HOME)
        for _ in range(settings.login_attempts):
            guess("ada", HOME)

        with pytest.raises(TooManyLogins):
            services.sessions.log_in(name="ada", password=PASSWORD, client=HOME)

    def test_does_not_end_what_is_logged_in(
        self, services: Services, make: Factory, settings: Settings, guess: Guess
    ) -> None:
        ada = make.user(name="ada")
        pair = services.sessions.log_in(name="ada", password=PASSWORD)
        for _ in range(settings.login_attempts):
            guess("ada", STRANGER)

        renewed = services.sessions.refresh(refresh_token=pair.refresh_token)

        claims = services.sessions.claims_of(renewed.access_token)
        assert services.sessions.caller(claims).id == ada.id

    def test_counts_one_password_for_many_accounts(
        self, services: Services, settings: Settings, guess: Guess
    ) -> None:
        for number in range(settings.login_attempts_from_address):
            guess(f"name{number}", STRANGER)

        with pytest.raises(TooManyLogins):
            services.sessions.log_in(name="another", password="wrong", client=STRANGER)

        guess("another", HOME)

    def test_counts_the_addresses_of_a_network_together(
        self, services: Services, settings: Settings, guess: Guess
    ) -> None:
        for number in range(settings.login_attempts_from_address * 4):
            guess(f"name{number}", ClientAddress.of(f"203.0.113.{number}"))

        with pytest.raises(TooManyLogins):
            services.sessions.log_in(
                name="another", password="wrong", client=ClientAddress.of("203.0.113.250")
            )

    def test_does_not_count_right_passwords_of_a_network(
        self, services: Services, make: Factory, settings: Settings
    ) -> None:
        make.user(name="ada")

        for _ in range(settings.login_attempts_from_address + 1):
            services.sessions.log_in(name="ada", password=PASSWORD, client=HOME)

    def test_does_not_let_an_account_of_ones_own_clear_the_count_of_a_network(
        self, services: Services, make: Factory, settings: Settings, guess: Guess
    ) -> None:
        make.user(name="eve")
        for number in range(settings.login_attempts_from_address - 1):
            guess(f"name{number}", STRANGER)
            services.sessions.log_in(name="eve", password=PASSWORD, client=STRANGER)
        guess("the last", STRANGER)

        with pytest.raises(TooManyLogins):
            services.sessions.log_in(name="another", password="wrong", client=STRANGER)

    def test_lets_no_more_guesses_through_when_many_are_made_at_once(
        self, services: Services, make: Factory, settings: Settings
    ) -> None:
        make.user(name="ada")

        def wrong() -> str:
            try:
                services.sessions.log_in(name="ada", password="wrong", client=STRANGER)
            except (WrongCredentials, TooManyLogins) as refusal:
                return refusal.code
            return "logged in"

        found = Counter(at_once([wrong] * (settings.login_attempts + 15)))

        assert found == {"wrong-credentials": settings.login_attempts, "too-many-logins": 15}


class TestRegister:
    def test_makes_a_network_wait_that_opens_many_accounts(
        self, services: Services, settings: Settings
    ) -> None:
        def register(name: str, client: ClientAddress) -> None:
            services.users.register(
                email=f"{name}@example.com", username=name, password=PASSWORD, client=client
            )

        for number in range(settings.registrations_from_address):
            register(f"name{number}", STRANGER)

        with pytest.raises(TooManyRegistrations):
            register("another", STRANGER)

        register("another", HOME)


class TestRequestReset:
    def test_is_not_used_up_for_all_by_strangers(self, services: Services) -> None:
        for number in range(ASKED_FROM_ONE.free):
            services.account_requests.request_reset(
                email=f"nobody{number}@example.com", client=STRANGER
            )
        with pytest.raises(TooManyMails):
            services.account_requests.request_reset(email="x@example.com", client=STRANGER)

        services.account_requests.request_reset(email="ada@example.com", client=HOME)

    def test_counts_no_attempt_that_is_refused(self, services: Services, clock: FakeClock) -> None:
        for number in range(ASKED_FROM_ONE.free):
            services.account_requests.request_reset(
                email=f"nobody{number}@example.com", client=STRANGER
            )
        for _ in range(10):
            with pytest.raises(TooManyMails) as refusal:
                services.account_requests.request_reset(email="ada@example.com", client=STRANGER)
        clock.advance(refusal.value.retry_after)

        for _ in range(5):
            services.account_requests.request_reset(email="ada@example.com", client=HOME)


class TestForgetAttempts:
    def test_deletes_counts_whose_window_is_over(
        self, services: Services, database: Database, clock: FakeClock, guess: Guess
    ) -> None:
        guess("a made-up name", STRANGER)
        clock.advance(timedelta(days=1))
        guess("another one", HOME)
        clock.advance(timedelta(seconds=1))

        services.retention.delete_ended()

        with database.engine.connect() as connection:
            kept = connection.scalar(select(func.count()).select_from(AttemptCount))
        assert kept == 3  # the name, the address and the network of the second one
