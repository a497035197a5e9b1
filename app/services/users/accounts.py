"""Accounts in the hands of those who run the shop: finding, disabling, logging out."""

from typing import Final

from app.domain.actors import Actor
from app.domain.errors import AccountDeleted, AccountNotFound, OwnAccount
from app.domain.ids import UserId
from app.domain.ports import Clock
from app.domain.states import Role
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.accounts_by_mail import ASKED_FOR
from app.services.users.security_log import log_control

OPERATOR: Final = Actor(role=Role.ADMIN)
"""Who calls from the command line."""


class AccountControlService:
    """Lets admins stop an account: its logins end, and it cannot log in until it is enabled."""

    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def find(self, *, actor: Actor, name: str) -> User:
        """The account with this user name or e-mail address, in whatever letters.

        Raises:
            RoleMissing: the actor is no admin.
            AccountNotFound: no account has this name.
        """
        actor.ensure_admin()
        with self._database.reading() as work:
            user = work.users.find_by_name(name)
        if user is None:
            raise AccountNotFound(name)
        return user

    def set_disabled(self, *, actor: Actor, user_id: UserId, disabled: bool) -> User:
        """Disable an account, or enable it again. Disabling ends every login of it at once.

        Links that were mailed to it end, but those that take a change of its address back. What
        it organizes stays on sale; admins manage it.

        Raises:
            RoleMissing: the actor is no admin.
            AccountNotFound: no account has this id.
            OwnAccount: admins cannot disable themselves.
            AccountDeleted: it would be enabled, and was deleted.
        """
        actor.ensure_admin()
        if disabled and user_id == actor.user_id:
            raise OwnAccount
        now = self._clock.now()
        with self._database.writing() as work:
            user = _get(work, user_id)
            if disabled:
                user.disabled_at = user.disabled_at or now
                work.sessions.revoke_all(user_id, now=now)
                work.account_requests.end_all(user_id, *ASKED_FOR, now=now)
            elif user.is_deleted:
                raise AccountDeleted(user_id)
            else:
                user.disabled_at = None
            what = "account disabled" if disabled else "account enabled"
            log_control(work, what, user, by=actor)
        return user

    def log_out(self, *, actor: Actor, user_id: UserId) -> None:
        """End every login of an account; it may log in again.

        Raises:
            RoleMissing: the actor is no admin.
            AccountNotFound: no account has this id.
        """
        actor.ensure_admin()
        with self._database.writing() as work:
            user = _get(work, user_id)
            work.sessions.revoke_all(user_id, now=self._clock.now())
            log_control(work, "account logged out", user, by=actor)


def _get(work: UnitOfWork, user_id: UserId) -> User:
    user = work.users.find_locked(user_id)
    if user is None:
        raise AccountNotFound(user_id)
    return user
