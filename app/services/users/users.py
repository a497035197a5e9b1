"""Accounts: who people are, and what they may change about it."""

from dataclasses import dataclass

from app.domain.errors import (
    AccountNotFound,
    AddressNotConfirmed,
    EmailTaken,
    PasswordNeeded,
    PasswordTooCommon,
    TooManyRegistrations,
    WrongPassword,
)
from app.domain.ids import UserId
from app.domain.languages import Language
from app.domain.ports import Clock, PasswordHasher
from app.domain.states import AccountRequestKind, Role
from app.domain.text import address_key, name_key
from app.domain.users.attempts import UNKNOWN_CLIENT, AttemptLimit, ClientAddress
from app.domain.users.names import is_address
from app.domain.users.passwords import CommonPasswords
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.repositories.users.own_data import OwnData
from app.services.users.account_requests import OF_PASSWORD, add_confirmation
from app.services.users.accounts import OPERATOR
from app.services.users.email_changes import ask_for_change, count_change
from app.services.users.password_checks import PasswordChecks
from app.services.users.security_log import give_role


@dataclass(frozen=True, slots=True, kw_only=True)
class UserService:
    """Registers accounts and changes them."""

    database: Database
    clock: Clock
    hasher: PasswordHasher
    refused_passwords: CommonPasswords
    registrations: AttemptLimit
    passwords: PasswordChecks

    def register(
        self,
        *,
        email: str,
        username: str,
        password: str,
        full_name: str | None = None,
        language: Language | None = None,
        role: Role = Role.BUYER,
        email_is_confirmed: bool = False,
        client: ClientAddress = UNKNOWN_CLIENT,
    ) -> User:
        """Open an account. A mail asks to confirm the address, unless it is confirmed already.

        Raises:
            EmailTaken: the address belongs to another account, or may go back to it.
            UsernameTaken: the name belongs to another account.
            PasswordTooCommon: it is on the list of common passwords, where that list is in force.
            TooManyRegistrations: from this network; see ``ClientAddress.counters``.
            Busy: too many passwords are being hashed at once.
        """
        self._ensure_uncommon(password)
        self._count_registration(client)
        password_hash = self.hasher.hash(password)
        now = self.clock.now()
        user = User(
            password_hash=password_hash,
            full_name=full_name,
            language=language,
            role=role,
            created_at=now,
        )
        user.rename(email=email, username=username)
        user.email_confirmed_at = now if email_is_confirmed else None
        with self.database.writing() as work:
            if work.account_requests.keep(user.email_key, now=now):
                raise EmailTaken
            work.users.register(user)
            if not email_is_confirmed:
                add_confirmation(work, user, now=now)
        return user

    def edit(
        self,
        *,
        user_id: UserId,
        email: str | None = None,
        username: str | None = None,
        full_name: str | None = None,
        language: Language | None = None,
        current_password: str | None = None,
    ) -> User:
        """Change what is given; ``None`` keeps a value.

        A new address is used once the link that is mailed to it is opened, and the old one hears
        of it. A change between upper and lower case takes effect at once; the present address
        ends a change that waits.

        Raises:
            EmailTaken: the address belongs to another account.
            UsernameTaken: the name belongs to another account.
            PasswordNeeded: a new address takes the current password.
            WrongPassword: ``current_password`` is not the password.
            TooManyGuesses: too many passwords were wrong.
            TooManyMails: too many changes of the address were asked for.
            Busy: too many passwords are being hashed at once.
        """
        checked = None
        if email is not None and current_password is not None and self._is_new(user_id, email):
            checked = self.passwords.ensure(user_id=user_id, password=current_password)
            with self.database.writing() as work:
                count_change(work, user_id, now=self.clock.now())
        now = self.clock.now()
        with self.database.writing() as work:
            user = work.users.lock(user_id)
            is_new = email is not None and is_another_address(user, email)
            user.rename(email=None if is_new else email, username=username)
            if full_name is not None:
                user.full_name = full_name
            if language is not None:
                user.language = language
            work.users.save()
            if email is not None and is_new:
                _ensure_unchanged(user, checked)
                ask_for_change(work, user, email, now=now)
            elif email is not None:  # it is to stay as it is
                work.account_requests.end_all(user_id, AccountRequestKind.CHANGE, now=now)
        return user

    def change_password(self, *, user_id: UserId, current: str, new: str) -> None:
        """Set a new password and end every login of the account, this one too, and reset links.

        A change of the address that waits for its confirmation ends as well.

        Raises:
            WrongPassword: ``current`` is not the password.
            TooManyGuesses: too many passwords were wrong.
            PasswordTooCommon: as for ``register``.
            Busy: too many passwords are being hashed at once.
        """
        checked = self.passwords.ensure(user_id=user_id, password=current)
        self._ensure_uncommon(new, field="new_password")
        password_hash = self.hasher.hash(new)
        now = self.clock.now()
        with self.database.writing() as work:
            user = work.users.lock(user_id)
            _ensure_unchanged(user, checked)
            user.password_hash = password_hash
            work.sessions.revoke_all(user_id, now=now)
            work.account_requests.end_all(user_id, *OF_PASSWORD, now=now)

    def find(self, *, email: str, username: str) -> User | None:
        """The account that has both names, in upper or lower case."""
        with self.database.reading() as work:
            user = work.users.find_by_name(username)
        return user if user is not None and user.email_key == address_key(email) else None

    def set_role(self, *, name: str, role: Role) -> User:
        """Let an account do more, or less, from its next call on.

        Args:
            name: its user name or e-mail address, in upper or lower case.
            role: what it may do from now on.

        Raises:
            AccountNotFound: no account has this name.
            AddressNotConfirmed: it is an address that the account has not confirmed.
        """
        with self.database.writing() as work:
            user = entitled_account(work, name)
            give_role(work, user, role, by=OPERATOR, now=self.clock.now())
        return user

    def promote(self, *, email: str, username: str, password: str | None) -> User:
        """Make an account that has both names an admin.

        With a password the account is taken over: the password is set, and every login of it
        ends. Without one it keeps its own, and its address must be confirmed.

        Raises:
            AccountNotFound: no account has both names.
            AddressNotConfirmed: see above.
            Busy: too many passwords are being hashed at once.
        """
        password_hash = None if password is None else self.hasher.hash(password)
        now = self.clock.now()
        with self.database.writing() as work:
            user = work.users.lock_by_email(email)
            if user is None or user.username_key != name_key(username):
                raise AccountNotFound(username)
            if password_hash is not None:
                user.password_hash = password_hash
                user.email_confirmed_at = user.email_confirmed_at or now
                work.sessions.revoke_all(user.id, now=now)
                work.account_requests.end_all(user.id, *AccountRequestKind, now=now)
            elif not user.email_confirmed:
                raise AddressNotConfirmed(user.email)
            give_role(work, user, Role.ADMIN, by=OPERATOR, now=now)
        return user

    def own_data(self, *, user_id: UserId) -> OwnData:
        """Everything that is kept about the account (GDPR, articles 15 and 20)."""
        with self.database.reading() as work:
            return work.own_data.of(user_id)

    def _is_new(self, user_id: UserId, email: str) -> bool:
        with self.database.reading() as work:
            return is_another_address(work.users.get(user_id), email)

    def _count_registration(self, client: ClientAddress) -> None:
        counters = client.counters("registration", self.registrations)
        if not counters:
            return
        with self.database.writing() as work:
            work.attempts.count_or_refuse(counters, TooManyRegistrations, now=self.clock.now())

    def _ensure_uncommon(self, password: str, field: str = "password") -> None:
        if password in self.refused_passwords:
            raise PasswordTooCommon(field)


def is_another_address(user: User, email: str) -> bool:
    """Whether it differs from the account's address in more than upper and lower case."""
    return address_key(email) != user.email_key or email.casefold() != user.email.casefold()


def _ensure_unchanged(user: User, checked: str | None) -> None:
    """Refuse to act on a password that is not, or no longer, the account's.

    Raises:
        PasswordNeeded: none was checked.
        WrongPassword: the account has another one since.
    """
    if checked is None:
        raise PasswordNeeded
    if user.password_hash != checked:
        raise WrongPassword


def entitled_account(work: UnitOfWork, name: str) -> User:
    """The account with this user name, or confirmed address, to give a right to; it is locked.

    Anyone can open an account with another person's address; only its owner can confirm it.

    Raises:
        AccountNotFound: no account has this name.
        AddressNotConfirmed: it is an address that the account has not confirmed.
    """
    user = work.users.lock_by_name(name)
    if user is None:
        raise AccountNotFound(name)
    if is_address(name) and not user.email_confirmed:
        raise AddressNotConfirmed(user.email)
    return user
