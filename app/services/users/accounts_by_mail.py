"""Accounts for people of whom nothing is known but that they read mail at an address."""

from datetime import datetime
from typing import Final

from app.domain.errors import EmailTaken, UsernameTaken
from app.domain.ports import IdGenerator
from app.domain.states import AccountRequestKind, Role
from app.domain.users.names import ensure_username
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.account_requests import add_reset

NO_PASSWORD: Final = "!"  # noqa: S105  (no hash: every password is wrong)
"""No password fits it until the owner sets one through a mail."""

ASKED_FOR: Final = (
    AccountRequestKind.RESET,
    AccountRequestKind.SIGN_IN,
    AccountRequestKind.CONFIRM,
    AccountRequestKind.CHANGE,
)
"""Requests of those who use the account. Links that undo a change belong to the address before."""

SHORTEST_NAME: Final = 3
LONGEST_NAME: Final = 40
_SUFFIX: Final = 6


def account_of(
    work: UnitOfWork, *, email: str, full_name: str | None, ids: IdGenerator, now: datetime
) -> User:
    """The account with this address, or a new one that has no password yet.

    The caller has a secret that was sent to the address, so it counts as confirmed. No one ever
    proved that of an account that was there before and is unconfirmed: its opener is shut
    out, and its password is set anew through the mail.
    """
    username = _name_in(email)
    while (user := work.users.lock_by_email(email)) is None:
        user = User(password_hash=NO_PASSWORD, full_name=full_name, role=Role.BUYER, created_at=now)
        user.rename(email=email, username=username)
        user.email_confirmed_at = now
        try:
            with work.part():
                work.users.register(user)
        except EmailTaken:
            continue  # it was opened at this moment, and is found now
        except UsernameTaken:
            username = f"{_name_in(email)}-{ids.request_id()[:_SUFFIX]}"
            continue
        return user
    if not user.email_confirmed:
        lock_out(work, user, now=now)
        user.email_confirmed_at = now
        add_reset(work, user.email_key, now=now)
    return user


def lock_out(work: UnitOfWork, user: User, *, now: datetime) -> None:
    """End the password of an account, its logins, and what was asked for by those who had them."""
    user.password_hash = NO_PASSWORD
    work.sessions.revoke_all(user.id, now=now)
    work.account_requests.end_all(user.id, *ASKED_FOR, now=now)


def _name_in(email: str) -> str:
    """A user name made of the part before the @: no spaces, no slashes, and neither end of it."""
    name = "".join(c for c in email.partition("@")[0] if c.isalnum() or c in "._-")[:LONGEST_NAME]
    name = name if len(name) >= SHORTEST_NAME else f"guest-{name}".rstrip("-")
    try:
        return ensure_username(name)
    except ValueError:
        return "guest"
