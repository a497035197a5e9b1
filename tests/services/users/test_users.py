from datetime import timedelta

import pytest

from app.domain.errors import (
    EmailTaken,
    NotLoggedIn,
    PasswordTooCommon,
    RefreshTokenInvalid,
    UsernameTaken,
    WrongPassword,
)
from app.domain.states import Role
from app.domain.users.attempts import AttemptLimit
from app.domain.users.passwords import MOST_COMMON, CommonPasswords
from app.http.services import Services
from app.repositories.database import Database
from app.services.users.password_checks import PasswordChecks
from app.services.users.users import UserService
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeHasher


@pytest.fixture
def strict_users(database: Database, clock: FakeClock) -> UserService:
    """As in production, where common passwords are refused."""
    limit = AttemptLimit(free=100, window=timedelta(hours=1))
    hasher = FakeHasher()
    return UserService(
        database=database,
        clock=clock,
        hasher=hasher,
        refused_passwords=CommonPasswords(MOST_COMMON),
        registrations=limit,
        passwords=PasswordChecks(database=database, clock=clock, hasher=hasher, limit=limit),
    )


class TestRegister:
    def test_opens_a_buyers_account(self, services: Services) -> None:
        user = services.users.register(
            email="Ada@Example.com", username="Ada", password=PASSWORD, full_name="Ada Obi"
        )

        assert (user.email, user.username, user.full_name) == ("Ada@Example.com", "Ada", "Ada Obi")
        assert user.role == Role.BUYER

    @pytest.mark.parametrize("email", ["ada@example.com", "ADA@EXAMPLE.COM"])
    def test_refuses_an_address_that_is_taken(self, services: Services, email: str) -> None:
        services.users.register(email="ada@example.com", username="ada", password=PASSWORD)

        with pytest.raises(EmailTaken):
            services.users.register(email=email, username="bola", password=PASSWORD)

    def test_takes_domains_for_two_that_differ_by_sharp_s(self, services: Services) -> None:
        for number, email in enumerate(["ada@straße.example", "ada@strasse.example"]):
            user = services.users.register(
                email=email, username=f"ada{number}", password="a long password"
            )

            found = services.users.find(email=email, username=user.username)
            assert found is not None

    @pytest.mark.parametrize("username", ["zoë", "ZOË", "zoe\u0308"])
    def test_refuses_a_name_that_is_taken_in_other_letters(
        self, services: Services, username: str
    ) -> None:
        services.users.register(email="zoe@example.com", username="zoë", password=PASSWORD)

        with pytest.raises(UsernameTaken):
            services.users.register(email="other@example.com", username=username, password=PASSWORD)

    def test_never_stores_the_password_itself(self, services: Services, database: Database) -> None:
        user = services.users.register(email="a@example.com", username="a", password=PASSWORD)

        with database.reading() as work:
            assert work.users.get(user.id).password_hash == f"hashed:{PASSWORD}"

    def test_refuses_common_passwords_in_production(self, strict_users: UserService) -> None:
        with pytest.raises(PasswordTooCommon):
            strict_users.register(email="a@example.com", username="a", password="PassWord123")


class TestEdit:
    def test_changes_only_what_is_given(self, services: Services, make: Factory) -> None:
        ada = make.user(name="ada")

        edited = services.users.edit(user_id=ada.id, full_name="Ada Obi")

        assert (edited.email, edited.username) == (ada.email, ada.username)
        assert edited.full_name == "Ada Obi"

    def test_refuses_names_of_others(self, services: Services, make: Factory) -> None:
        ada, bola = make.user(), make.user()

        with pytest.raises(EmailTaken):
            services.users.edit(user_id=bola.id, email=ada.email.upper(), current_password=PASSWORD)
        with pytest.raises(UsernameTaken):
            services.users.edit(user_id=bola.id, username=ada.username.upper())

    def test_lets_people_keep_their_own_name_in_other_letters(
        self, services: Services, make: Factory
    ) -> None:
        ada = make.user(name="ada")

        assert services.users.edit(user_id=ada.id, username="ADA").username == "ADA"


class TestChangePassword:
    def test_replaces_the_old_one(self, services: Services, make: Factory) -> None:
        ada = make.user()

        services.users.change_password(user_id=ada.id, current=PASSWORD, new="another good one")

        services.sessions.log_in(name=ada.username, password="another good one")

    def test_ends_every_login(self, services: Services, make: Factory) -> None:
        ada = make.user()
        pair = services.sessions.log_in(name=ada.username, password=PASSWORD)

        services.users.change_password(user_id=ada.id, current=PASSWORD, new="another good one")

        claims = services.sessions.claims_of(pair.access_token)
        with pytest.raises(NotLoggedIn):
            services.sessions.caller(claims)
        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token=pair.refresh_token)

    def test_needs_the_current_one(self, services: Services, make: Factory) -> None:
        ada = make.user()

        with pytest.raises(WrongPassword):
            services.users.change_password(user_id=ada.id, current="guessed", new="mine now, ha")

        services.sessions.log_in(name=ada.username, password=PASSWORD)

    def test_refuses_a_common_one_in_production(
        self, strict_users: UserService, make: Factory
    ) -> None:
        ada = make.user()

        with pytest.raises(PasswordTooCommon):
            strict_users.change_password(user_id=ada.id, current=PASSWORD, new="qwertyuiop")
