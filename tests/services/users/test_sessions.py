from datetime import timedelta

import pytest

from app.config import Settings
from app.domain.errors import (
    NotLoggedIn,
    RefreshTokenInvalid,
    SessionNotFound,
    TooManyLogins,
    WrongCredentials,
)
from app.domain.ids import SessionId
from app.domain.users.attempts import ClientAddress
from app.domain.users.sessions import ClientKind
from app.http.services import Services
from app.models.users.users import User
from app.services.users.logins.new_logins import TokenPair
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock


def caller(services: Services, pair: TokenPair) -> User:
    """Whom the shop takes the bearer of these tokens for."""
    return services.sessions.caller(services.sessions.claims_of(pair.access_token))


class TestLogIn:
    @pytest.mark.parametrize("name", ["ada", "ADA", "ada@example.com", "Ada@Example.Com"])
    def test_knows_people_by_name_or_address(
        self, services: Services, make: Factory, name: str
    ) -> None:
        ada = make.user(name="ada")

        pair = services.sessions.log_in(name=name, password=PASSWORD)

        assert caller(services, pair).id == ada.id

    @pytest.mark.parametrize("name", ["ada", "nobody"])
    def test_refuses_a_wrong_password_and_an_unknown_name_alike(
        self, services: Services, make: Factory, name: str
    ) -> None:
        make.user(name="ada")

        with pytest.raises(WrongCredentials):
            services.sessions.log_in(name=name, password="wrong")

    @pytest.mark.parametrize("name", ["ada", "nobody"])
    def test_refuses_more_attempts_than_the_limit(
        self, services: Services, make: Factory, settings: Settings, name: str
    ) -> None:
        make.user(name="ada")
        for _ in range(settings.login_attempts):
            with pytest.raises(WrongCredentials):
                services.sessions.log_in(name=name, password="wrong")

        with pytest.raises(TooManyLogins) as refusal:
            services.sessions.log_in(name=name.upper(), password=PASSWORD)

        assert refusal.value.retry_after == timedelta(seconds=1)

    def test_counts_attempts_by_user_name_and_by_e_mail_together(
        self, services: Services, make: Factory, settings: Settings
    ) -> None:
        ada = make.user(name="ada")
        for number in range(settings.login_attempts):
            with pytest.raises(WrongCredentials):
                services.sessions.log_in(
                    name=(ada.username, ada.email)[number % 2], password="wrong"
                )

        with pytest.raises(TooManyLogins):
            services.sessions.log_in(name=ada.email, password=PASSWORD)

    def test_allows_attempts_again_after_the_window(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock
    ) -> None:
        make.user(name="ada")
        for _ in range(settings.login_attempts):
            with pytest.raises(WrongCredentials):
                services.sessions.log_in(name="ada", password="wrong")

        clock.advance(settings.login_window)

        services.sessions.log_in(name="ada", password=PASSWORD)

    def test_forgets_attempts_after_a_right_password(
        self, services: Services, make: Factory, settings: Settings
    ) -> None:
        make.user(name="ada")

        for _ in range(3):
            for _ in range(settings.login_attempts - 1):
                with pytest.raises(WrongCredentials):
                    services.sessions.log_in(name="ada", password="wrong")
            services.sessions.log_in(name="ada", password=PASSWORD)


class TestCaller:
    def test_refuses_a_token_past_its_life(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock
    ) -> None:
        pair = services.sessions.log_in(name=make.user().username, password=PASSWORD)

        clock.advance(settings.access_token_life + timedelta(minutes=2))

        with pytest.raises(NotLoggedIn):
            caller(services, pair)

    def test_refuses_a_token_after_logout(self, services: Services, make: Factory) -> None:
        pair = services.sessions.log_in(name=make.user().username, password=PASSWORD)

        services.sessions.log_out(refresh_token=pair.refresh_token)

        with pytest.raises(NotLoggedIn):
            caller(services, pair)

    def test_keeps_other_logins_after_logout(self, services: Services, make: Factory) -> None:
        ada = make.user()
        phone = services.sessions.log_in(name=ada.username, password=PASSWORD)
        laptop = services.sessions.log_in(name=ada.username, password=PASSWORD)

        services.sessions.log_out(refresh_token=phone.refresh_token)

        assert caller(services, laptop).id == ada.id


class TestRefresh:
    def test_gives_a_pair_that_works(self, services: Services, make: Factory) -> None:
        ada = make.user()
        first = services.sessions.log_in(name=ada.username, password=PASSWORD)

        second = services.sessions.refresh(refresh_token=first.refresh_token)

        assert caller(services, second).id == ada.id
        assert second.refresh_token != first.refresh_token

    def test_ends_the_whole_login_when_a_token_is_used_again(
        self, services: Services, make: Factory
    ) -> None:
        first = services.sessions.log_in(name=make.user().username, password=PASSWORD)
        second = services.sessions.refresh(refresh_token=first.refresh_token)

        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=first.refresh_token)

        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=second.refresh_token)
        with pytest.raises(NotLoggedIn):
            caller(services, second)

    def test_refuses_a_token_past_its_life(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock
    ) -> None:
        pair = services.sessions.log_in(name=make.user().username, password=PASSWORD)

        clock.advance(settings.refresh_token_life)

        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=pair.refresh_token)

    def test_ends_with_the_longest_life_of_a_login_however_often_it_is_used(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock
    ) -> None:
        pair = services.sessions.log_in(name=make.user().username, password=PASSWORD)
        month = settings.refresh_token_life - timedelta(seconds=1)
        for _ in range(settings.login_life // month):
            clock.advance(month)
            pair = services.sessions.refresh(refresh_token=pair.refresh_token)

        clock.advance(month)

        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=pair.refresh_token)

    @pytest.mark.parametrize("token", ["", "made up"])
    def test_refuses_a_token_that_is_none(self, services: Services, token: str) -> None:
        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=token)


class TestLogOut:
    def test_takes_an_unknown_token_for_a_login_that_is_over(self, services: Services) -> None:
        services.sessions.log_out(refresh_token="made up")

        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token="made up")


class TestForgetEnded:
    def test_keeps_tokens_that_still_work(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock
    ) -> None:
        pair = services.sessions.log_in(name=make.user().username, password=PASSWORD)
        clock.advance(settings.refresh_token_life - timedelta(seconds=1))

        services.retention.delete_ended()

        services.sessions.refresh(refresh_token=pair.refresh_token)


class TestPage:
    def test_shows_what_can_still_be_used_and_where_it_began(
        self, services: Services, make: Factory, clock: FakeClock
    ) -> None:
        ada, bola = make.user(name="ada"), make.user(name="bola")
        services.sessions.log_in(name="bola", password=PASSWORD)
        ended = services.sessions.log_in(name="ada", password=PASSWORD)
        services.sessions.log_out(refresh_token=ended.refresh_token)
        home = services.sessions.log_in(
            name="ada",
            password=PASSWORD,
            client=ClientAddress.of("203.0.113.5"),
            client_kind=ClientKind.BROWSER,
        )
        began_at = clock.now()
        clock.advance(timedelta(hours=1))
        services.sessions.log_in(name="ada", password=PASSWORD)
        clock.advance(timedelta(hours=1))
        services.sessions.refresh(refresh_token=home.refresh_token)

        newer, older = services.sessions.page(user_id=ada.id, after=None, limit=20).items

        assert (older.started_at, older.last_used_at) == (began_at, clock.now())
        assert (older.network, older.client_kind) == ("203.0.113.0/24", "browser")
        assert newer.started_at == newer.last_used_at == began_at + timedelta(hours=1)
        assert (newer.network, newer.client_kind) == (None, None)
        assert len(services.sessions.page(user_id=bola.id, after=None, limit=20).items) == 1

    def test_has_no_login_whose_tokens_are_over(
        self, services: Services, make: Factory, settings: Settings, clock: FakeClock
    ) -> None:
        ada = make.user(name="ada")
        services.sessions.log_in(name="ada", password=PASSWORD)

        clock.advance(settings.refresh_token_life)

        assert services.sessions.page(user_id=ada.id, after=None, limit=20).items == []

    def test_goes_on_where_a_page_ended(self, services: Services, make: Factory) -> None:
        ada = make.user(name="ada")
        for _ in range(3):
            services.sessions.log_in(name="ada", password=PASSWORD)

        first = services.sessions.page(user_id=ada.id, after=None, limit=2)
        second = services.sessions.page(user_id=ada.id, after=first.next, limit=2)

        found = [login.id for page in (first, second) for login in page.items]
        assert found == sorted(set(found), reverse=True)
        assert len(found) == 3
        assert second.next is None


class TestEnd:
    def test_ends_one_login_at_once_and_no_other(self, services: Services, make: Factory) -> None:
        ada = make.user(name="ada")
        lost, kept = (services.sessions.log_in(name="ada", password=PASSWORD) for _ in "12")
        lost_id = SessionId(services.sessions.claims_of(lost.access_token).session_id)

        services.sessions.end(user_id=ada.id, session_id=lost_id)

        with pytest.raises(NotLoggedIn):
            caller(services, lost)
        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=lost.refresh_token)
        assert caller(services, kept).id == ada.id
        with pytest.raises(SessionNotFound):
            services.sessions.end(user_id=ada.id, session_id=lost_id)

    def test_ends_all_logins_but_the_one_that_asks(self, services: Services, make: Factory) -> None:
        ada = make.user(name="ada")
        make.user(name="bola")
        lost, kept, of_bola = (
            services.sessions.log_in(name=name, password=PASSWORD)
            for name in ("ada", "ada", "bola")
        )
        current = SessionId(services.sessions.claims_of(kept.access_token).session_id)

        services.sessions.end_others(user_id=ada.id, current=current)

        with pytest.raises(NotLoggedIn):
            caller(services, lost)
        assert caller(services, kept).id == ada.id
        caller(services, of_bola)

    def test_ends_no_login_of_others(self, services: Services, make: Factory) -> None:
        make.user(name="ada")
        pair = services.sessions.log_in(name="ada", password=PASSWORD)
        of_ada = SessionId(services.sessions.claims_of(pair.access_token).session_id)

        with pytest.raises(SessionNotFound):
            services.sessions.end(user_id=make.user().id, session_id=of_ada)

        caller(services, pair)
