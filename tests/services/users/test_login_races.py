"""Logins that begin while the account changes: none outlives what should have ended it."""

from collections.abc import Callable

import pytest

from app.domain.errors import AccountDisabled, TicketingError, WrongCredentials
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.wiring.adapters import Adapters
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeHasher

NEW = "another password"


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


@pytest.fixture
def hasher(outside: Adapters) -> FakeHasher:
    assert isinstance(outside.hasher, FakeHasher)
    return outside.hasher


def change_password(services: Services, ada: User) -> None:
    services.users.change_password(user_id=ada.id, current=PASSWORD, new=NEW)


def disable(services: Services, ada: User) -> None:
    admin = Factory(services).user(role=Role.ADMIN)
    services.account_control.set_disabled(actor=admin.actor, user_id=ada.id, disabled=True)


def take_over(services: Services, ada: User) -> None:
    services.users.promote(email=ada.email, username=ada.username, password=NEW)


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (change_password, WrongCredentials),
        (disable, AccountDisabled),
        (take_over, WrongCredentials),
    ],
)
def test_refuses_a_login_whose_account_changed_while_its_password_was_verified(
    services: Services,
    hasher: FakeHasher,
    ada: User,
    change: Callable[[Services, User], None],
    refusal: type[TicketingError],
) -> None:
    hasher.meanwhile = lambda: change(services, ada)

    with pytest.raises(refusal):
        services.sessions.log_in(name="ada", password=PASSWORD)
