"""What the owner of an account may do with the secret link in a mail: set a password, confirm."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import EmailConfirmedAlready, PasswordTooCommon
from app.domain.ids import UserId
from app.domain.ports import Clock, PasswordHasher, WorkSignal
from app.domain.states import AccountRequestKind, OutboxKind
from app.domain.text import address_key
from app.domain.users.attempts import UNKNOWN_CLIENT, ClientAddress
from app.domain.users.passwords import CommonPasswords
from app.models.users.account_requests import AccountRequest
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.mail_limits import MailLimit
from app.services.users.guest_claims import GuestClaims
from app.services.users.mailed_requests import MailedRequests, count_asked
from app.services.users.sessions import login_counter

RESET_LIFE: Final = timedelta(hours=1)
CONFIRMATION_LIFE: Final = timedelta(days=7)

CONFIRMING: Final = (AccountRequestKind.CONFIRM, AccountRequestKind.CHANGE)
"""What using a link from a mail to an address confirms: the account's present one, or a new one."""

OF_PASSWORD: Final = (
    AccountRequestKind.RESET,
    AccountRequestKind.SIGN_IN,
    AccountRequestKind.CHANGE,
)
"""What ends when another password is set."""

CONFIRMATIONS_OF_ONE: Final = MailLimit(most=5, within=timedelta(hours=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRequestService:
    """Sends secret links to the addresses of accounts, and does what each is for, once.

    No secret is stored; the link is made from the row of the request when the mail is sent.
    """

    database: Database
    clock: Clock
    hasher: PasswordHasher
    requests: MailedRequests
    refused_passwords: CommonPasswords
    claims: GuestClaims
    signal: WorkSignal

    def request_reset(self, *, email: str, client: ClientAddress = UNKNOWN_CLIENT) -> None:
        """Mail a link to set a new password with, if the address belongs to an account.

        Neither the answer nor its time tells whether it does.

        Raises:
            TooManyMails: too many were asked for, for this address or from this network.
        """
        now, key = self.clock.now(), address_key(email)
        with self.database.writing() as work:
            count_asked(work, "reset", key, client, now=now)
            add_reset(work, key, now=now)
        self.signal.wake()

    def set_new_password(self, *, token: str, new_password: str) -> None:
        """Set a new password without the old one. All logins and other reset links end.

        A change of the address that waits for its confirmation ends as well: who asked for it may
        be the reason for the new password.

        The link came by mail, so the address is confirmed as well.

        Raises:
            LinkInvalid: the link is not ours, was used, or has ended.
            PasswordTooCommon: it is on the list of common passwords, where that list is in force.
            Busy: too many passwords are being hashed at once.
        """
        self.ensure_resets(token=token)
        if new_password in self.refused_passwords:
            raise PasswordTooCommon("new_password")
        password_hash = self.hasher.hash(new_password)
        now = self.clock.now()
        with self.database.writing() as work:
            _, user = self.requests.use(work, token, [AccountRequestKind.RESET], now=now)
            user.email_confirmed_at = user.email_confirmed_at or now
            user.password_hash = password_hash
            work.sessions.revoke_all(user.id, now=now)
            work.account_requests.end_all(user.id, *OF_PASSWORD, now=now)
            # Guesses of the old password are of no use any more.
            work.attempts.forget(login_counter(user.id))

    def send_confirmation(self, *, user_id: UserId) -> None:
        """Mail the link that confirms the account's address again; earlier ones end.

        Raises:
            EmailConfirmedAlready: it is confirmed.
            TooManyMails: too many were asked for.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            user = work.users.lock(user_id)
            if user.email_confirmed:
                raise EmailConfirmedAlready
            CONFIRMATIONS_OF_ONE.count(work, f"confirmation:{user_id}", now=now)
            work.account_requests.end_all(user_id, AccountRequestKind.CONFIRM, now=now)
            add_confirmation(work, user, now=now)
        self.signal.wake()

    def confirm_email(self, *, token: str) -> None:
        """Note that mail to an address is read by the account's owner: a new one is its own now.

        The account gets what a guest bought with the address.

        Raises:
            LinkInvalid: the link is not ours, was used, or has ended.
            EmailTaken: another account has the new address since.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            request, user = self.requests.use(work, token, CONFIRMING, now=now)
            if request.kind == AccountRequestKind.CHANGE:
                user.move(request.email, now=now)
                work.users.save()
            user.email_confirmed_at = user.email_confirmed_at or now
        self.claims.claim(user_id=user.id)

    def ensure_resets(self, *, token: str) -> None:
        """Refuse a link that sets no password. Nothing is changed: mail scanners open links too.

        Raises:
            LinkInvalid: the link is not ours, was used, or has ended.
        """
        with self.database.reading() as work:
            self.requests.usable(work, token, [AccountRequestKind.RESET], now=self.clock.now())


def add_reset(work: UnitOfWork, email_key: str, *, now: datetime) -> None:
    """Record the mail that sets a new password, if an account has this address."""
    opened = work.account_requests.open_by_address(
        AccountRequestKind.RESET, email_key, now=now, expires_at=now + RESET_LIFE
    )
    work.outbox.enqueue_about_request(OutboxKind.PASSWORD_RESET, opened, now=now)


def add_confirmation(work: UnitOfWork, user: User, *, now: datetime) -> None:
    """Record the mail that asks an account to confirm its address."""
    request = AccountRequest(
        user_id=user.id,
        kind=AccountRequestKind.CONFIRM,
        email=user.email,
        created_at=now,
        expires_at=now + CONFIRMATION_LIFE,
    )
    work.account_requests.open(request)
    work.outbox.enqueue(OutboxKind.EMAIL_CONFIRMATION, request.id, event_id=None, now=now)
