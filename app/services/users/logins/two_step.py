"""Signing in in two steps, as an account's owner switches it on and off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.actors import Actor
from app.domain.admins.actions import About, AdminActionKind
from app.domain.errors import (
    EmailNotConfirmed,
    OwnAccount,
    TotpWrong,
    TwoStepOff,
    TwoStepOn,
    WrongPassword,
)
from app.domain.ids import SessionId, TwoStepId, UserId
from app.domain.ports import Clock, IdGenerator, QrPainter, SecretBox, WorkSignal
from app.domain.states import OutboxKind
from app.domain.users.totp import (
    RECOVERY_CODES,
    app_address,
    is_totp,
    matching_step,
    recovery_code_of,
    secret_of,
    secret_text,
    typed,
)
from app.models.users.two_step import TwoStepSecret
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.logins.second_steps import SecondSteps, purpose_of, recovery_hash
from app.services.users.password_checks import PasswordChecks
from app.services.users.security_log import log_control

UNFINISHED_FOR: Final = timedelta(minutes=30)
"""How long a secret waits for its first code."""


@dataclass(frozen=True, slots=True)
class TwoStepState:
    """How an account signs in. ``since``: in two steps from then on; ``None``: in one."""

    since: datetime | None
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class AppSetUp:
    """What an authenticator app is shown, until it has given a first code."""

    secret: str
    address: str
    qr_svg: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class TwoStepService:
    """Switches the second step on and off, for accounts with a confirmed address."""

    database: Database
    clock: Clock
    ids: IdGenerator
    box: SecretBox
    qr: QrPainter
    passwords: PasswordChecks
    steps: SecondSteps
    signal: WorkSignal

    def show(self, *, user: User) -> TwoStepState:
        """How the account signs in."""
        with self.database.reading() as work:
            secret = work.two_step.find(user.id)
            if secret is None or secret.enabled_at is None:
                return TwoStepState(None, 0)
            return TwoStepState(secret.enabled_at, work.two_step.recovery_codes_left(secret.id))

    def begin(self, *, user: User, password: str) -> None:
        """Make a secret for the account's app, which waits for its first code.

        Raises:
            EmailNotConfirmed: mail about it would go to who knows whom.
            WrongPassword: it is not the account's.
            TooManyGuesses: too many passwords were wrong.
            TwoStepOn: it is switched on already.
            Busy: too many passwords are being hashed at once.
        """
        if not user.email_confirmed:
            raise EmailNotConfirmed
        self.passwords.ensure(user_id=user.id, password=password)
        secret = secret_of(self.ids.token())
        row = TwoStepSecret(
            user_id=user.id,
            box=self.box.seal(secret, purpose=purpose_of(user.id)),
            created_at=self.clock.now(),
        )
        with self.database.writing() as work:
            work.users.lock(user.id)
            if not work.two_step.begin(row):
                raise TwoStepOn

    def set_up(self, *, user: User, issuer: str) -> AppSetUp:
        """What the app is to be shown. ``issuer``: the shop, as the app names it.

        Raises:
            TwoStepOff: nothing waits for a first code, or not any more.
        """
        with self.database.reading() as work:
            secret = self._unfinished(work, user.id)
        opened = self.steps.opened(secret)
        address = app_address(opened, issuer=issuer, name=user.username)
        title = "QR code for the authenticator app"
        return AppSetUp(secret_text(opened), address, self.qr.svg(address, title=title))

    def confirm(self, *, user: User, session_id: SessionId, code: str) -> Sequence[str]:
        """Switch the second step on with a first code; gives the recovery codes, this once.

        All other logins of the account end: they were begun in one step.

        Raises:
            TwoStepOff: nothing waits for a first code, or not any more.
            TotpWrong: it is not the app's present code.
            TooManyGuesses: too many codes were wrong.
        """
        self.steps.count(user.id)
        codes = [recovery_code_of(self.ids.token()) for _ in range(RECOVERY_CODES)]
        now = self.clock.now()
        with self.database.writing() as work:
            owner = work.users.lock(user.id)
            secret = self._unfinished(work, user.id)
            given = typed(code)
            opened = self.steps.opened(secret)
            step = matching_step(opened, given, now=now) if is_totp(given) else None
            if step is None or not work.two_step.enable(secret.id, step=step, now=now):
                raise TotpWrong
            self.steps.succeeded(work, user.id)
            work.two_step.add_recovery_codes(
                secret.id, [recovery_hash(secret.id, typed(each)) for each in codes]
            )
            work.sessions.revoke_others(user.id, kept=session_id, now=now)
            work.outbox.enqueue(OutboxKind.TWO_STEP_ON, secret.id, event_id=None, now=now)
            log_control(work, "two-step sign-in on", owner, by=user.actor)
        self.signal.wake()
        return codes

    def switch_off(self, *, user: User, password: str, code: str) -> None:
        """Sign in in one step again; takes the password and a code, or a recovery code.

        Raises:
            WrongPassword: it is not the account's.
            TotpWrong: the code is none of the account's now, or was used.
            TooManyGuesses: too many passwords or codes were wrong.
            TwoStepOff: it is off.
            Busy: too many passwords are being hashed at once.
        """
        checked = self.passwords.ensure(user_id=user.id, password=password)
        self.steps.count(user.id)
        now = self.clock.now()
        with self.database.writing() as work:
            owner = work.users.lock(user.id)
            if owner.password_hash != checked:
                raise WrongPassword
            if not work.two_step.is_on(user.id):
                raise TwoStepOff
            self.steps.ensure(work, user.id, code, now=now)
            self._end(work, owner, by=user.actor, now=now)
        self.signal.wake()

    def reset(self, *, actor: Actor, user_id: UserId, reason: str | None = None) -> None:
        """Switch it off for an owner who has lost app and recovery codes, and proved who they are.

        Every login of the account ends; its owner gets a mail, and the log of admins
        keeps the reason.

        Raises:
            RoleMissing: the actor is no admin.
            OwnAccount: an admin's own takes the password and a code, as of every owner.
            AccountNotFound: no account has this id.
            TwoStepOff: it is off.
        """
        actor.ensure_admin()
        if user_id == actor.user_id:
            raise OwnAccount
        now = self.clock.now()
        with self.database.writing() as work:
            user = work.users.lock(user_id)
            if not work.two_step.is_on(user_id):
                raise TwoStepOff
            self._end(work, user, by=actor, now=now)
            work.sessions.revoke_all(user_id, now=now)
            kind = AdminActionKind.TWO_STEP_RESET
            work.admin_actions.note(actor, kind, About.account(user_id), now=now, reason=reason)
        self.signal.wake()

    def _end(self, work: UnitOfWork, user: User, *, by: Actor, now: datetime) -> None:
        ended: TwoStepId | None = work.two_step.end(user.id, now=now)
        if ended is None:
            raise TwoStepOff
        work.outbox.enqueue(OutboxKind.TWO_STEP_OFF, ended, event_id=None, now=now)
        log_control(work, "two-step sign-in off", user, by=by)

    def _unfinished(self, work: UnitOfWork, user_id: UserId) -> TwoStepSecret:
        secret = work.two_step.find(user_id)
        if secret is None or secret.enabled_at is not None:
            raise TwoStepOff
        if self.clock.now() - secret.created_at >= UNFINISHED_FOR:
            raise TwoStepOff
        return secret
