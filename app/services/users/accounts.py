"""Accounts in the hands of those who run the shop: finding, disabling, roles, logging out."""

from dataclasses import dataclass
from typing import Final

from app.domain.actors import Actor
from app.domain.admins.actions import About, AdminActionKind
from app.domain.errors import (
    AccountDeleted,
    AccountNotFound,
    AccountOfGuest,
    AddressNotConfirmed,
    LastAdmin,
    OwnAccount,
    RoleMissing,
)
from app.domain.ids import UserId
from app.domain.ports import Clock
from app.domain.states import Role
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.accounts_by_mail import ASKED_FOR
from app.services.users.security_log import give_role, log_control

OPERATOR: Final = Actor(role=Role.ADMIN)
"""Who calls from the command line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountControlService:
    """Lets admins change what accounts may do, and stop them; the log of admins tells why."""

    database: Database
    clock: Clock

    def find(self, *, actor: Actor, name: str) -> User:
        """The account with this user name or e-mail address, in upper or lower case.

        Raises:
            RoleMissing: the actor is no admin.
            AccountNotFound: no account has this name.
        """
        actor.ensure_admin()
        with self.database.reading() as work:
            user = work.users.find_by_name(name)
        if user is None:
            raise AccountNotFound(name)
        return user

    def set_disabled(
        self, *, actor: Actor, user_id: UserId, disabled: bool, reason: str | None = None
    ) -> User:
        """Disable an account, or enable it again. Disabling ends every login of it at once.

        Links that were mailed to it end, but those that take a change of its address back. What
        it organizes stays on sale; admins manage it. The last admin stays one who can log in.

        Raises:
            RoleMissing: the actor is no admin, or no longer.
            AccountNotFound: no account has this id.
            OwnAccount: admins cannot disable themselves.
            AccountDeleted: it would be enabled, and was deleted.
            LastAdmin: no other admin would be left.
        """
        actor.ensure_admin()
        if disabled and user_id == actor.user_id:
            raise OwnAccount
        now = self.clock.now()
        with self.database.writing() as work:
            if disabled:
                ensure_an_admin_is_left(work, actor, without=user_id)
            user = work.users.lock(user_id)
            if disabled:
                user.disabled_at = user.disabled_at or now
                work.sessions.revoke_all(user_id, now=now)
                work.account_requests.end_all(user_id, *ASKED_FOR, now=now)
            elif user.is_deleted:
                raise AccountDeleted(user_id)
            else:
                user.disabled_at = None
            kinds = AdminActionKind
            kind = kinds.ACCOUNT_DISABLED if disabled else kinds.ACCOUNT_ENABLED
            work.admin_actions.note(actor, kind, About.account(user_id), now=now, reason=reason)
            what = "account disabled" if disabled else "account enabled"
            log_control(work, what, user, by=actor)
        return user

    def set_role(self, *, actor: Actor, user_id: UserId, role: Role, reason: str) -> User:
        """Let an account do more, or less, from its next call on.

        An admin may give up being one, unless no other is left.

        Raises:
            RoleMissing: the actor is no admin, or no longer.
            AccountNotFound: no account has this id.
            AccountDeleted: it was deleted.
            AccountOfGuest: it stands for a guest, who can have no role.
            AddressNotConfirmed: it would get more rights, and its address is not confirmed.
            LastAdmin: no other admin would be left.
        """
        actor.ensure_admin()
        with self.database.writing() as work:
            ensure_an_admin_is_left(work, actor, without=user_id, role=role)
            user = work.users.lock(user_id)
            if user.is_deleted:
                raise AccountDeleted(user_id)
            if user.is_guest:
                raise AccountOfGuest(user_id)
            if RIGHTS.index(role) > RIGHTS.index(user.role) and not user.email_confirmed:
                raise AddressNotConfirmed(user.email)
            give_role(work, user, role, by=actor, now=self.clock.now(), reason=reason)
        return user

    def log_out(self, *, actor: Actor, user_id: UserId, reason: str | None = None) -> None:
        """End every login of an account; it may log in again.

        Raises:
            RoleMissing: the actor is no admin.
            AccountNotFound: no account has this id.
        """
        actor.ensure_admin()
        now, kind = self.clock.now(), AdminActionKind.LOGGED_OUT
        with self.database.writing() as work:
            user = work.users.lock(user_id)
            work.sessions.revoke_all(user_id, now=now)
            work.admin_actions.note(actor, kind, About.account(user_id), now=now, reason=reason)
            log_control(work, "account logged out", user, by=actor)


RIGHTS: Final = tuple(Role)
"""Roles, each with more rights than those before it."""


def ensure_an_admin_is_left(
    work: UnitOfWork, actor: Actor, *, without: UserId, role: Role | None = None
) -> None:
    """Keep others from changing who is an admin, and check that one is left without this account.

    Before any other account is locked. The command line may take the last one's role: it can make
    a new one.

    Args:
        work: the transaction in which the account changes.
        actor: who changes it.
        without: the account.
        role: the one it gets; ``None``: it can log in no more.

    Raises:
        RoleMissing: the actor was an admin, and is none any more.
        LastAdmin: none is left.
    """
    admins = work.users.lock_admins()
    if actor.user_id is None:
        return
    if actor.is_admin and actor.user_id not in admins:
        raise RoleMissing(Role.ADMIN)
    if role != Role.ADMIN and admins == {without}:
        raise LastAdmin
