"""Buyers without an account: one row of ``users`` for each address, which nobody logs in to."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import AccountDisabled, EmailTaken, UsernameTaken
from app.domain.ports import IdGenerator
from app.domain.states import Role
from app.domain.users.names import guest_key
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.accounts_by_mail import NO_PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who buys without an account, as they call themselves."""

    name: str
    email: str


def guest_row(work: UnitOfWork, guest: Guest, *, ids: IdGenerator, now: datetime) -> User:
    """The row of the guest's address, made now if it is new.

    An account with the same address is another row, and no answer tells whether there is one.
    Until the address is confirmed, whoever typed it last gives the name.

    Raises:
        AccountDisabled: an admin disabled the guest.
    """
    while (user := work.users.find_guest(guest.email)) is None:
        user = _new(guest, ids=ids, now=now)
        try:
            with work.part():
                work.users.register(user)
        except (EmailTaken, UsernameTaken):
            continue  # it was made at this moment, and is found now; or the name is had
        return user
    if user.is_disabled:
        raise AccountDisabled
    if not user.email_confirmed and user.full_name != guest.name:
        user.full_name = guest.name
        work.users.save()  # before ticket types are locked
    return user


def _new(guest: Guest, *, ids: IdGenerator, now: datetime) -> User:
    user = User(
        password_hash=NO_PASSWORD,
        full_name=guest.name,
        role=Role.BUYER,
        created_at=now,
    )
    user.rename(email=guest.email, username=f"guest-{ids.request_id()}")
    user.email_key = guest_key(guest.email)
    return user
