from typing import Final

from sqlalchemy import ColumnElement, bindparam, select, text, update
from sqlalchemy.exc import IntegrityError

from app.database.constraints import broken_key, unique_key
from app.domain.errors import AccountNotFound, EmailTaken, UsernameTaken
from app.domain.ids import SessionId, UserId
from app.domain.states import Role
from app.domain.text import address_key, name_key
from app.domain.users.names import guest_key, is_address
from app.models.users.users import LoginSession, User
from app.repositories.base import Repository, RowsOf, show, table_of

U: Final = User.__table__.c
S: Final = LoginSession.__table__.c

USERS: Final = RowsOf(User)
ADDRESS: Final = unique_key(User, "email_key")
NAME: Final = unique_key(User, "username_key")

IS_ADMIN: Final = text("role = 'admin'")
"""As the index says it: a parameter in its place would not be recognized."""

LOGGED_IN: Final = (
    select(*USERS.columns)
    .join_from(User.__table__, LoginSession.__table__, S.user_id == U.id)
    .where(
        U.id == bindparam("user_id"),
        S.id == bindparam("session_id"),
        S.revoked_at.is_(None),
        U.disabled_at.is_(None),
    )
)

TO_ORGANIZER: Final = (
    update(table_of(User))
    .where(U.id == bindparam("user_id"), U.role == Role.BUYER)
    .values(role=Role.ORGANIZER)
)


class UserRepository(Repository):
    def register(self, user: User) -> None:
        """Insert an account.

        Raises:
            EmailTaken: the address belongs to another account.
            UsernameTaken: the name belongs to another account.
        """
        self._db.add(user)
        self.save()

    def save(self) -> None:
        """Write changed accounts now, so that a name another account has is refused here.

        Raises:
            EmailTaken: the address belongs to another account.
            UsernameTaken: the name belongs to another account.
        """
        try:
            self._db.flush()
        except IntegrityError as error:
            taken = broken_key(error, ADDRESS, NAME)
            if taken is None:
                raise
            raise (EmailTaken if taken == ADDRESS else UsernameTaken) from error

    def get(self, user_id: UserId) -> User:
        return self._db.get_one(User, user_id)

    def find(self, user_id: UserId) -> User | None:
        return self._db.get(User, user_id)

    def lock(self, user_id: UserId) -> User:
        """The account as it is now, kept from other writers until this transaction ends.

        On SQLite the whole transaction is alone already (BEGIN IMMEDIATE), so no lock is needed.

        Raises:
            AccountNotFound: no account has this number.
        """
        user = self._one_locked(User.id == user_id)
        if user is None:
            raise AccountNotFound(user_id)
        return user

    def lock_against_orders(self, user_id: UserId) -> User:
        """As ``lock``, and rows that name the account for the first time wait as well."""
        return self._db.get_one(User, user_id, with_for_update=True, populate_existing=True)

    def lock_admins(self) -> set[UserId]:
        """The admins who can log in, as they are now; none comes or goes until the end.

        In the order of their ids, so that of two callers one waits for the other.
        """
        admins = (
            select(User.id)
            .where(IS_ADMIN, User.disabled_at.is_(None))
            .order_by(User.id)
            .with_for_update(key_share=True)
        )
        return set(self._db.scalars(admins))

    def lock_by_email(self, email: str) -> User | None:
        """As ``lock``, of the account that has this address when the lock is had."""
        return self._one_locked(User.email_key == address_key(email))

    def lock_by_name(self, name: str) -> User | None:
        """As ``find_by_name``, of the account that has this name when the lock is had."""
        return self._one_locked(_is_called(name))

    def find_by_name(self, name: str) -> User | None:
        """The account with this user name, or with this e-mail address if there is an @ in it.

        In any case of letters. Only one of the two is looked up, never both.
        """
        return self._one(_is_called(name))

    def find_by_email(self, email: str) -> User | None:
        """The account with this address, in whatever letters."""
        return self._one(User.email_key == address_key(email))

    def find_guest(self, email: str) -> User | None:
        """The guest with this address, in whatever letters."""
        return self._one(User.email_key == guest_key(email))

    def _one(self, which: ColumnElement[bool]) -> User | None:
        return self._db.scalars(select(User).where(which)).one_or_none()

    def _one_locked(self, which: ColumnElement[bool]) -> User | None:
        return self._db.scalars(
            select(User)
            .where(which)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        ).one_or_none()

    def make_organizer(self, user: User) -> None:
        """Give a buyer the role that manages events."""
        self._run(TO_ORGANIZER, user_id=user.id)
        show(user, role=Role.ORGANIZER)

    def find_logged_in(self, user_id: UserId, session_id: SessionId) -> User | None:
        """The account to read from; ``None``: this login of it ended, or it is disabled."""
        row = self._run(LOGGED_IN, user_id=user_id, session_id=session_id).one_or_none()
        return None if row is None else USERS.one(row)


def _is_called(name: str) -> ColumnElement[bool]:
    if is_address(name):
        return User.email_key == address_key(name)
    return User.username_key == name_key(name)
