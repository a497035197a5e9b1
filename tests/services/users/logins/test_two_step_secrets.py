"""Secrets of two-step sign-in and recovery codes, as they are kept."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.clients.security.secret_box import AesSecretBox
from app.config import Settings
from app.domain.errors import (
    TotpWrong,
)
from app.http.services import Services
from app.models.users.two_step import RecoveryCode, TwoStepSecret
from app.models.users.users import User
from app.repositories.database import Database
from app.wiring.adapters import Adapters
from app.wiring.services import build_services
from tests.steps.two_step import switched_on
from tests.support.factories import PASSWORD, Factory
from tests.support.fakes import FakeClock


@pytest.fixture
def ada(make: Factory) -> User:
    return make.user(name="ada")


def log_in(services: Services, totp: str | None = None) -> None:
    services.sessions.log_in(name="ada", password=PASSWORD, totp=totp)


class TestRecoveryCode:
    def test_signs_in_once_each(self, services: Services, clock: FakeClock, ada: User) -> None:
        _, codes = switched_on(services, clock, ada)

        for code in (codes[0], codes[1].upper().replace("-", " ")):
            log_in(services, code)
            with pytest.raises(TotpWrong):
                log_in(services, code)

        assert services.two_step.show(user=ada).recovery_codes_left == 8

    def test_of_another_account_is_none(
        self, services: Services, clock: FakeClock, ada: User, make: Factory
    ) -> None:
        switched_on(services, clock, ada)
        _, others = switched_on(services, clock, make.user(name="bola"))

        with pytest.raises(TotpWrong):
            log_in(services, others[0])


class TestSecret:
    def test_is_kept_sealed_and_its_codes_hashed(
        self, services: Services, clock: FakeClock, ada: User, database: Database
    ) -> None:
        app, codes = switched_on(services, clock, ada)

        with database.reading() as work:
            kept = work._transaction.session.scalars(select(TwoStepSecret)).one()
            hashes = work._transaction.session.scalars(select(RecoveryCode.code_hash)).all()

        assert app.secret not in kept.box.encode()
        assert not {each.replace("-", "") for each in codes} & set(hashes)

    def test_moved_to_another_account_is_of_no_use(
        self, services: Services, clock: FakeClock, ada: User, make: Factory, database: Database
    ) -> None:
        app, _ = switched_on(services, clock, ada)
        bola = make.user(name="bola")
        mine, _ = switched_on(services, clock, bola)
        with database.writing() as work:
            rows = {
                each.user_id: each
                for each in work._transaction.session.scalars(select(TwoStepSecret))
            }
            rows[bola.id].box = rows[ada.id].box

        with pytest.raises(TotpWrong):
            services.sessions.log_in(name="bola", password=PASSWORD, totp=app.next_code())
        assert mine.secret != app.secret


class TestOtherSecretOfTheShop:
    def test_leaves_recovery_codes_and_nothing_else(
        self,
        services: Services,
        outside: Adapters,
        clock: FakeClock,
        ada: User,
    ) -> None:
        app, codes = switched_on(services, clock, ada)
        others = replace(outside, secrets=AesSecretBox("another-secret-of-enough-length-here"))
        renewed = build_services(others, Settings(_env_file=None))

        with pytest.raises(TotpWrong):
            log_in(renewed, app.next_code())
        log_in(renewed, codes[0])
        renewed.two_step.switch_off(user=ada, password=PASSWORD, code=codes[1])

        switched_on(renewed, clock, ada)
