"""Signing in without a password, by a link in a mail."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.domain.errors import LinkInvalid
from app.domain.ports import Clock, WorkSignal
from app.domain.states import AccountRequestKind, OutboxKind
from app.domain.text import address_key
from app.domain.users.attempts import UNKNOWN_CLIENT, ClientAddress
from app.domain.users.sessions import ClientKind
from app.models.users.users import User
from app.repositories.database import Database
from app.services.users.guest_claims import GuestClaims
from app.services.users.logins.new_logins import NewLogins, TokenPair
from app.services.users.logins.second_steps import SecondSteps
from app.services.users.mailed_requests import MailedRequests, count_asked

LINK_LIFE: Final = timedelta(minutes=15)

KINDS: Final = (AccountRequestKind.SIGN_IN,)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInLinkService:
    """Mails links that sign in once, to confirmed addresses of accounts that are not disabled."""

    database: Database
    clock: Clock
    requests: MailedRequests
    logins: NewLogins
    second_steps: SecondSteps
    claims: GuestClaims
    signal: WorkSignal

    def request(self, *, email: str, client: ClientAddress = UNKNOWN_CLIENT) -> None:
        """Mail a link that signs in, if the address is an account's that confirmed it.

        Links that were mailed before end. Neither the answer nor its time tells whether there is
        such an account.

        Raises:
            TooManyMails: too many were asked for, for this address or from this network.
        """
        now, key = self.clock.now(), address_key(email)
        with self.database.writing() as work:
            count_asked(work, "sign-in", key, client, now=now)
            opened = work.account_requests.open_by_address(
                AccountRequestKind.SIGN_IN,
                key,
                only_confirmed=True,
                now=now,
                expires_at=now + LINK_LIFE,
            )
            work.outbox.enqueue_about_request(OutboxKind.SIGN_IN_LINK, opened, now=now)
        self.signal.wake()

    def look(self, *, token: str) -> User:
        """Whom a link signs in; nothing is changed: mail scanners open links, too.

        Raises:
            LinkInvalid: it is not ours, was used, or has ended.
        """
        with self.database.reading() as work:
            _, user = self.requests.usable(work, token, KINDS, now=self.clock.now())
        return user

    def sign_in(
        self,
        *,
        token: str,
        client: ClientAddress = UNKNOWN_CLIENT,
        client_kind: ClientKind | None = None,
    ) -> TokenPair:
        """Start a login of the account the link was mailed to, once.

        The account gets what a guest bought with its address in between.

        Raises:
            LinkInvalid: the link is not ours, was used, or has ended; or the account was disabled,
                or has another address since.
            TotpRequired: the account signs in in two steps; the link is used up.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            _, user = self.requests.use(work, token, KINDS, now=now)
            if user.is_disabled or not user.email_confirmed:
                raise LinkInvalid
            in_two_steps = work.two_step.is_on(user.id)
            if not in_two_steps:
                pair = self.logins.start(
                    work, user, client=client, client_kind=client_kind, now=now
                )
        if in_two_steps:
            raise self.second_steps.ask(user)
        self.claims.claim(user_id=user.id)
        return pair
