"""Deleting accounts: the books stay, without names."""

from dataclasses import dataclass

from app.domain.actors import Actor
from app.domain.admins.actions import About, AdminActionKind
from app.domain.errors import AccountInUse, WrongPassword
from app.domain.ids import UserId
from app.domain.ports import Clock, IdGenerator
from app.domain.text import name_key
from app.models.users.users import User
from app.repositories.database import Database
from app.services.users.accounts import ensure_an_admin_is_left
from app.services.users.accounts_by_mail import NO_PASSWORD
from app.services.users.password_checks import PasswordChecks
from app.services.users.security_log import log_control


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountDeletionService:
    """Empties accounts of all that tells whose they were (GDPR, article 17)."""

    database: Database
    clock: Clock
    ids: IdGenerator
    passwords: PasswordChecks

    def delete_own(self, *, user: User, password: str) -> None:
        """Delete an account whose owner asks. All its logins end; its address is free again.

        Raises:
            WrongPassword: it is not the account's.
            TooManyGuesses: too many passwords were wrong.
            LastAdmin: it is the only admin.
            AccountInUse: something would be lost; it is named.
            Busy: too many passwords are being hashed at once.
        """
        checked = self.passwords.ensure(user_id=user.id, password=password)
        self._delete(user.id, by=user.actor, checked=checked)

    def delete(self, *, actor: Actor, user_id: UserId) -> None:
        """Delete an account whose owner asked those who run the shop to.

        Raises:
            RoleMissing: the actor is no admin.
            AccountNotFound: no account has this id.
            AccountInUse: something would be lost; it is named.
        """
        actor.ensure_admin()
        self._delete(user_id, by=actor, checked=None)

    def _delete(self, user_id: UserId, *, by: Actor, checked: str | None) -> None:
        now, mark = self.clock.now(), self.ids.request_id()
        with self.database.writing() as work:
            ensure_an_admin_is_left(work, by, without=user_id)
            user = work.users.lock(user_id)
            if checked is not None and user.password_hash != checked:
                raise WrongPassword
            email_key, searched = user.email_key, [user.email_key, user.username_key]
            if user.full_name is not None:
                searched.append(name_key(user.full_name))
            # Before anything is looked for: orders that name the account wait for this row.
            user.empty(mark=mark, password_hash=NO_PASSWORD, now=now)
            work.users.save()
            work.deletions.lock_organizations(user_id)
            obstacles = work.deletions.obstacles(user_id, now=now)
            if obstacles:
                raise AccountInUse(obstacles)
            work.deletions.forget(
                user_id, username=user.username, email_key=email_key, searched=searched
            )
            if by.user_id != user_id:
                kind = AdminActionKind.ACCOUNT_DELETED
                work.admin_actions.note(by, kind, About.account(user_id), now=now)
            log_control(work, "account deleted", user, by=by)
