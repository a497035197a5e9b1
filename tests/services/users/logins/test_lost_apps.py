"""What becomes of the second step without its owner's code: resets, thieves, deletions."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.errors import OwnAccount, RoleMissing, TwoStepOff
from app.domain.states import Role
from app.http.services import Services
from app.models.users.two_step import RecoveryCode, TwoStepSecret
from app.models.users.users import User
from app.repositories.database import Database
from app.services.users.accounts import OPERATOR
from tests.steps.two_step import switched_on
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock, FakeMailer
from tests.support.links import token_in

NEW = "thief@new.example.com"


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


class TestUndoneChangeOfTheAddress:
    @pytest.mark.parametrize("is_of_thief", [True, False])
    def test_ends_what_was_switched_on_since(
        self,
        services: Services,
        mailer: FakeMailer,
        clock: FakeClock,
        make: Factory,
        ada: User,
        is_of_thief: bool,
    ) -> None:
        if not is_of_thief:
            switched_on(services, clock, ada)
            clock.advance(timedelta(seconds=1))
        services.users.edit(user_id=ada.id, email=NEW, current_password=PASSWORD)
        make.work()
        services.account_requests.confirm_email(token=token_in(mailer, NEW))
        if is_of_thief:
            switched_on(services, clock, ada)

        services.email_changes.undo(token=token_in(mailer, ada.email))

        make.work()
        off = "Your password is enough to sign in again"
        told = [mail.to for mail in mailer.sent if mail.subject == off]
        assert told == ([ada.email] if is_of_thief else [])
        assert (services.two_step.show(user=ada).since is None) == is_of_thief


class TestReset:
    def test_is_for_admins_and_ends_all_logins(
        self, services: Services, clock: FakeClock, ada: User, make: Factory, mailer: FakeMailer
    ) -> None:
        app, _ = switched_on(services, clock, ada)
        pair = services.sessions.log_in(name="ada", password=PASSWORD, totp=app.next_code())
        with pytest.raises(RoleMissing):
            services.two_step.reset(actor=ada.actor, user_id=ada.id)
        with pytest.raises(RoleMissing):
            services.two_step.reset(actor=Actor(), user_id=ada.id)

        services.two_step.reset(actor=OPERATOR, user_id=ada.id)

        assert services.sessions.signed_in(pair.refresh_token) is None
        services.sessions.log_in(name="ada", password=PASSWORD)
        make.work()
        assert mailer.sent[-1].subject == "Your password is enough to sign in again"
        with pytest.raises(TwoStepOff):
            services.two_step.reset(actor=OPERATOR, user_id=ada.id)

    def test_is_not_for_an_admins_own_which_takes_a_code(
        self, services: Services, clock: FakeClock, make: Factory
    ) -> None:
        admin = make.user(role=Role.ADMIN)
        switched_on(services, clock, admin)

        with pytest.raises(OwnAccount):
            services.two_step.reset(actor=admin.actor, user_id=admin.id, reason="Lost")

        assert services.two_step.show(user=admin).since is not None


class TestRows:
    def test_are_exported_and_deleted_with_the_account(
        self, services: Services, clock: FakeClock, ada: User, database: Database, make: Factory
    ) -> None:
        since = clock.now()
        switched_on(services, clock, ada)
        make.work()

        kept = services.users.own_data(user_id=ada.id)
        assert kept.two_step_since == since
        assert "two-step-on" in [mail.kind for mail in kept.mails]
        services.account_deletion.delete(actor=OPERATOR, user_id=ada.id)

        with database.reading() as work:
            rows = work._transaction.session.scalars(select(TwoStepSecret)).all()
            codes = work._transaction.session.scalars(select(RecoveryCode)).all()
        assert (rows, codes) == ([], [])

    def test_that_ended_or_never_began_are_deleted(
        self, services: Services, clock: FakeClock, ada: User, make: Factory, database: Database
    ) -> None:
        services.two_step.begin(user=make.user(), password=PASSWORD)
        app, _ = switched_on(services, clock, ada)
        services.two_step.switch_off(user=ada, password=PASSWORD, code=app.next_code())
        still_on = make.user(name="bola")
        switched_on(services, clock, still_on)

        clock.advance(timedelta(days=7, seconds=1))
        services.retention.delete_ended()

        with database.reading() as work:
            rows = work._transaction.session.scalars(select(TwoStepSecret)).all()
        assert [row.user_id for row in rows] == [still_on.id]
