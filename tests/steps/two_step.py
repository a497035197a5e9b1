"""An authenticator app, for tests."""

import base64
from dataclasses import dataclass
from datetime import timedelta

from app.domain.users.totp import STEP, code_of, step_at
from app.http.services import Services
from app.models.users.users import User
from tests.support.factories import PASSWORD
from tests.support.fakes import FakeClock


@dataclass
class App:
    """What is on a phone; it shows codes by the tests' clock."""

    secret: bytes
    clock: FakeClock

    @classmethod
    def reading(cls, text: str, clock: FakeClock) -> "App":
        return cls(base64.b32decode(text.replace(" ", "")), clock)

    def code(self, *, later: timedelta = timedelta(0)) -> str:
        return code_of(self.secret, step_at(self.clock.now() + later))

    def next_code(self) -> str:
        """The code after the present one: time goes on until it is shown."""
        self.clock.advance(STEP)
        return self.code()


def switched_on(services: Services, clock: FakeClock, user: User) -> tuple[App, list[str]]:
    """The account with an app, and its recovery codes; another login of it has gone on."""
    services.two_step.begin(user=user, password=PASSWORD)
    app = App.reading(services.two_step.set_up(user=user, issuer="shop.test").secret, clock)
    pair = services.sessions.log_in(name=user.username, password=PASSWORD)
    found = services.sessions.signed_in(pair.refresh_token)
    assert found is not None
    codes = services.two_step.confirm(user=user, session_id=found[1], code=app.code())
    return app, list(codes)
