"""Two calls that change one account at the same time: the later one sees what the first one did.

The first call is made step by step here, so that it still has the account's lock when the second
one begins.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.domain.errors import (
    AccountNotFound,
    EmailConfirmedAlready,
    LinkInvalid,
    NotLoggedIn,
    RefreshTokenInvalid,
    TicketingError,
    WrongPassword,
)
from app.domain.states import AccountRequestKind, Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.account_requests import RESET_LIFE, add_reset
from app.services.users.accounts import OPERATOR
from app.services.users.logins.new_logins import token_hash
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import START, FakeHasher, FakeMailer
from tests.support.links import token_in
from tests.support.racing import until, writers_waiting

NEW = "victim@example.com"


@contextmanager
def meanwhile(
    database: Database, user: User, call: Callable[[], Any], refusal: type[TicketingError] | None
) -> Iterator[tuple[UnitOfWork, User]]:
    """Make the call wait for a transaction that has the account, and end as it should."""
    with ThreadPoolExecutor() as pool:
        with database.writing() as work:
            locked = work.users.lock(user.id)
            yield work, locked
            work.users.save()
            second = pool.submit(call)
            until(lambda: writers_waiting(database) == 1)
        if refusal is None:
            second.result()
        else:
            with pytest.raises(refusal):
                second.result()


def stored(database: Database, user: User) -> User:
    with database.reading() as work:
        return work.users.get(user.id)


def empty(user: User) -> None:
    user.empty(mark="gone", password_hash="!", now=START)


class TestConfirming:
    def test_refuses_the_link_to_an_address_the_account_just_left(
        self,
        services: Services,
        database: Database,
        make: Factory,
        mailer: FakeMailer,
        new_user: User,
    ) -> None:
        make.work()
        token = token_in(mailer, new_user)

        def confirm() -> None:
            services.account_requests.confirm_email(token=token)

        with meanwhile(database, new_user, confirm, LinkInvalid) as (_, user):
            user.rename(email=NEW, username=None)

        assert not stored(database, new_user).email_confirmed

    def test_is_not_asked_for_again_of_an_account_that_just_confirmed(
        self, services: Services, database: Database, new_user: User
    ) -> None:
        def send() -> None:
            services.account_requests.send_confirmation(user_id=new_user.id)

        with meanwhile(database, new_user, send, EmailConfirmedAlready) as (_, user):
            user.rename(email=NEW, username=None)
            user.email_confirmed_at = START

    def test_is_lost_with_the_address_whatever_was_read_before(
        self, database: Database, new_user: User
    ) -> None:
        with database.writing() as work:
            user = work.users.get(new_user.id)
            work.users._db.execute(
                update(User)
                .values(email_confirmed_at=START)
                .execution_options(synchronize_session=False)
            )
            user.rename(email=NEW, username=None)

        assert not stored(database, new_user).email_confirmed


class TestReset:
    def test_waits_for_a_change_of_the_address_without_a_deadlock(
        self, services: Services, database: Database, make: Factory
    ) -> None:
        ada = make.user()
        services.account_requests.request_reset(email=ada.email)

        def request() -> None:
            services.account_requests.request_reset(email=ada.email)

        with ThreadPoolExecutor() as pool:
            with database.writing() as work:
                user = work.users.lock(ada.id)
                user.rename(email=NEW, username=None)
                work.users.save()
                second = pool.submit(request)
                until(lambda: writers_waiting(database) == 1)
                add_reset(work, user.email_key, now=START)
            second.result()

        with database.writing() as work:
            opened = work.account_requests.open_by_address(
                AccountRequestKind.RESET, user.email_key, now=START, expires_at=START + RESET_LIFE
            )
            assert opened is not None
            request_now = work.account_requests.find(opened)
            assert request_now is not None
            assert (request_now.kind, request_now.email) == (AccountRequestKind.RESET, NEW)


class TestDeletion:
    def test_is_refused_when_the_password_changes_meanwhile(
        self, services: Services, database: Database, make: Factory
    ) -> None:
        ada = make.user()

        def delete() -> None:
            services.account_deletion.delete_own(user=ada, password=PASSWORD)

        with meanwhile(database, ada, delete, WrongPassword) as (_, user):
            user.password_hash = FakeHasher().hash("another good one")

        assert stored(database, ada).email == ada.email

    def test_leaves_no_address_confirmed_that_is_confirmed_meanwhile(
        self, services: Services, database: Database, new_user: User
    ) -> None:
        def delete() -> None:
            services.account_deletion.delete(actor=OPERATOR, user_id=new_user.id)

        with meanwhile(database, new_user, delete, None) as (_, user):
            user.email_confirmed_at = START

        assert not stored(database, new_user).email_confirmed

    @pytest.mark.parametrize("how", ["role", "password"])
    def test_is_not_followed_by_rights(
        self, services: Services, database: Database, make: Factory, how: str
    ) -> None:
        ada = make.user()

        def promote() -> None:
            if how == "role":
                services.users.set_role(name=ada.username, role=Role.ADMIN)
            else:
                services.users.promote(
                    email=ada.email, username=ada.username, password="a good one for admins"
                )

        with meanwhile(database, ada, promote, AccountNotFound) as (_, user):
            empty(user)

        assert stored(database, ada).role == Role.BUYER


class TestDisabling:
    def test_keeps_the_moment_at_which_another_admin_did(
        self, services: Services, database: Database, make: Factory
    ) -> None:
        ada, earlier = make.user(), START - timedelta(minutes=1)

        def disable() -> None:
            services.account_control.set_disabled(actor=OPERATOR, user_id=ada.id, disabled=True)

        with meanwhile(database, ada, disable, None) as (_, user):
            user.disabled_at = earlier

        assert stored(database, ada).disabled_at == earlier


class TestDeleting:
    @pytest.mark.parametrize(("price", "max_per_buyer"), [("0", None), ("0", 5), ("2500", None)])
    def test_lets_nothing_be_ordered_by_who_was_logged_in_a_moment_ago(
        self,
        services: Services,
        database: Database,
        make: Factory,
        price: str,
        max_per_buyer: int | None,
    ) -> None:
        ada, event = make.user(), make.event(price=price, max_per_buyer=max_per_buyer)

        def order() -> None:
            make.order(ada, event.id)

        with meanwhile(database, ada, order, NotLoggedIn) as (_, user):
            empty(user)

        assert services.users.own_data(user_id=ada.id).orders == []

    def test_waits_for_who_renews_a_login(
        self, services: Services, database: Database, make: Factory
    ) -> None:
        ada = make.user()
        pair = services.sessions.log_in(name=ada.username, password=PASSWORD)

        with ThreadPoolExecutor() as pool:
            with database.writing() as work:
                used = work.sessions.use_refresh_token(
                    token_hash(pair.refresh_token), now=START, begun_after=START - timedelta(days=1)
                )
                assert used is not None
                deleted = pool.submit(
                    services.account_deletion.delete_own, user=ada, password=PASSWORD
                )
                until(lambda: writers_waiting(database) == 1)
                work.sessions.add_refresh_token(
                    token_hash("next"), used.id, expires_at=START + timedelta(days=1)
                )
            deleted.result()

        assert stored(database, ada).is_deleted
        with pytest.raises(RefreshTokenInvalid):
            services.sessions.refresh(refresh_token="next")

    def test_ends_a_login_that_is_renewed_behind_it(
        self, services: Services, database: Database, make: Factory
    ) -> None:
        ada = make.user()
        pair = services.sessions.log_in(name=ada.username, password=PASSWORD)

        def renew() -> None:
            services.sessions.refresh(refresh_token=pair.refresh_token)

        with meanwhile(database, ada, renew, RefreshTokenInvalid) as (work, user):
            empty(user)
            work.users.save()
            work.deletions.forget(ada.id, username="deleted", email_key="", searched=[])
