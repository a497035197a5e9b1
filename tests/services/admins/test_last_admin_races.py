"""Two admins who go at the same moment: one of them stays."""

import threading
from functools import partial

import pytest
from sqlalchemy import text

from app.domain.errors import LastAdmin, RoleMissing
from app.domain.ids import UserId
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.repositories.users.users import UserRepository
from app.services.users.accounts import AccountControlService
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock
from tests.support.racing import LONGEST, ExchangedDatabase, at_once


@pytest.fixture
def admins(make: Factory) -> list[User]:
    return [make.user(role=Role.ADMIN) for _ in range(2)]


def outcome(control: AccountControlService, by: User, about: User) -> str:
    """What comes of taking an admin's role."""
    try:
        control.set_role(actor=by.actor, user_id=about.id, role=Role.BUYER, reason="Left")
    except (LastAdmin, RoleMissing) as refusal:
        return refusal.code
    return "gone"


def left(database: Database) -> int:
    query = text("SELECT COUNT(*) FROM users WHERE role = 'admin' AND disabled_at IS NULL")
    with database.connection() as connection:
        return int(connection.execute(query).scalar_one())


class TestGoingAtOnce:
    def test_leaves_one_admin(
        self, services: Services, database: Database, admins: list[User]
    ) -> None:
        control = services.account_control

        outcomes = at_once([partial(outcome, control, admin, admin) for admin in admins])

        assert sorted(outcomes) == ["gone", "last-admin"]
        assert left(database) == 1

    def test_leaves_one_admin_when_each_removes_the_other(
        self, services: Services, database: Database, admins: list[User]
    ) -> None:
        control, (one, other) = services.account_control, admins

        outcomes = at_once(
            [partial(outcome, control, one, other), partial(outcome, control, other, one)]
        )

        assert sorted(outcomes) == ["gone", "role-missing"]
        assert left(database) == 1

    def test_leaves_one_admin_when_the_other_deletes_the_account(
        self, services: Services, database: Database, admins: list[User]
    ) -> None:
        one, other = admins

        def delete() -> str:
            try:
                services.account_deletion.delete_own(user=other, password=PASSWORD)
            except LastAdmin as refusal:
                return refusal.code
            return "gone"

        outcomes = at_once([lambda: outcome(services.account_control, one, one), delete])

        assert sorted(outcomes) == ["gone", "last-admin"]
        assert left(database) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestGoingWithoutALock:
    """On SQLite a writer is alone in any case."""

    def test_leaves_no_admin(
        self, database: Database, clock: FakeClock, admins: list[User]
    ) -> None:
        both_have_looked = threading.Barrier(2)

        class Hasty(UserRepository):
            """Looks at who is an admin as one must not."""

            def lock_admins(self) -> set[UserId]:
                found = set(
                    self._connection.execute(
                        text("SELECT id FROM users WHERE role = 'admin'")
                    ).scalars()
                )
                both_have_looked.wait(LONGEST.total_seconds())
                return found

        def exchange(work: UnitOfWork) -> None:
            work.users = Hasty(work._transaction)

        control = AccountControlService(database=ExchangedDatabase(database, exchange), clock=clock)

        outcomes = at_once([partial(outcome, control, admin, admin) for admin in admins])

        assert outcomes == ["gone", "gone"]
        assert left(database) == 0
