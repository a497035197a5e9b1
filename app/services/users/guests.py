"""Buyers without an account: one row of ``users`` for each address, without a login."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import AccountDisabled, EmailTaken, TooManyCheckouts, UsernameTaken
from app.domain.languages import Language
from app.domain.ports import Clock, IdGenerator
from app.domain.states import Role
from app.domain.users.attempts import AttemptLimit, ClientAddress
from app.domain.users.names import guest_key
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.users.accounts_by_mail import NO_PASSWORD


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Who buys without an account, as they call themselves."""

    name: str
    email: str
    language: Language | None = None
    """What they read; ``None``: not told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestLimit:
    """How much may be asked for from one network without a login."""

    database: Database
    clock: Clock
    limit: AttemptLimit

    def count(self, client: ClientAddress) -> None:
        """Count one request, in a transaction of its own.

        Raises:
            TooManyCheckouts: from this network; see ``ClientAddress.counters``.
        """
        counters = client.counters("checkout", self.limit)
        if not counters:
            return
        with self.database.writing() as work:
            work.attempts.count_or_refuse(counters, TooManyCheckouts, now=self.clock.now())


def guest_row(work: UnitOfWork, guest: Guest, *, ids: IdGenerator, now: datetime) -> User:
    """The row of the guest's address, made now if it is new.

    An account with the same address is another row, and no answer tells whether there is one.
    Until the address is confirmed, the person who typed it last gives the name and the language.

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
    language = guest.language or user.language
    if not user.email_confirmed and (user.full_name, user.language) != (guest.name, language):
        user.full_name, user.language = guest.name, language
        work.users.save()  # before ticket types are locked
    return user


def _new(guest: Guest, *, ids: IdGenerator, now: datetime) -> User:
    user = User(
        password_hash=NO_PASSWORD,
        full_name=guest.name,
        language=guest.language,
        role=Role.BUYER,
        created_at=now,
    )
    user.rename(email=guest.email, username=f"guest-{ids.request_id()}")
    user.email_key = guest_key(guest.email)
    return user
