"""Requests that the reader of a mail may use, found by the secret in the mail's link."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import LinkInvalid, TooManyMails
from app.domain.ids import AccountRequestId
from app.domain.ports import LinkTokens
from app.domain.states import AccountRequestKind
from app.domain.text import address_key
from app.domain.users.attempts import AttemptLimit, ClientAddress
from app.models.users.account_requests import AccountRequest
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.mail_limits import MailLimit

TO_PRESENT_ADDRESS: Final = (
    AccountRequestKind.RESET,
    AccountRequestKind.SIGN_IN,
    AccountRequestKind.CONFIRM,
)
"""What is for the reader of the account's address, as long as it is the account's."""

ASKED_FOR_ONE: Final = MailLimit(most=5, within=timedelta(hours=1))
"""For one address, whether an account has it or not."""

ASKED_FOR_ONE_A_DAY: Final = MailLimit(most=20, within=timedelta(days=1))
"""The same. These mails are beside the budget of mails, so that no others keep them back."""

ASKED_FROM_ONE: Final = AttemptLimit(
    free=20, window=timedelta(hours=1), first_pause=timedelta(seconds=10)
)
"""From one client's address, for whatever addresses. There is no limit for all clients together:
strangers would use it up."""


@dataclass(frozen=True, slots=True)
class MailedRequests:
    """Finds requests by the secrets of their links, and uses them up."""

    links: LinkTokens

    def usable(
        self,
        work: UnitOfWork,
        token: str,
        kinds: Collection[AccountRequestKind],
        *,
        now: datetime,
    ) -> tuple[AccountRequest, User]:
        """The request whose link has this secret, and its account; nothing is changed.

        Raises:
            LinkInvalid: the link is not ours, was used, has ended, or is for something else.
        """
        request = self._found(work, token)
        user = work.users.get(request.user_id)
        _ensure_usable(request, user, kinds, now)
        return request, user

    def use(
        self,
        work: UnitOfWork,
        token: str,
        kinds: Collection[AccountRequestKind],
        *,
        now: datetime,
    ) -> tuple[AccountRequest, User]:
        """As ``usable``, and it cannot be used again. The account is locked.

        Raises:
            LinkInvalid: as for ``usable``; of two who use it at once, one gets this.
        """
        request = self._found(work, token)
        user = work.users.lock(request.user_id)
        _ensure_usable(request, user, kinds, now)
        if not work.account_requests.use(request.id, request.kind, now=now):
            raise LinkInvalid
        return request, user

    def _found(self, work: UnitOfWork, token: str) -> AccountRequest:
        request = work.account_requests.find(AccountRequestId(self.links.row_id_in(token)))
        if request is None:
            raise LinkInvalid
        self.links.ensure(token, request.link_subject)
        return request


def _ensure_usable(
    request: AccountRequest, user: User, kinds: Collection[AccountRequestKind], now: datetime
) -> None:
    if request.kind not in kinds or not request.is_open(now):
        raise LinkInvalid
    if request.kind in TO_PRESENT_ADDRESS and address_key(request.email) != user.email_key:
        raise LinkInvalid


def count_asked(
    work: UnitOfWork, purpose: str, email_key: str, client: ClientAddress, *, now: datetime
) -> None:
    """Count a mail with a link that anyone may ask for, to whatever address.

    Raises:
        TooManyMails: too many were asked for, for this address or from this network.
    """
    ASKED_FOR_ONE.count(work, f"{purpose}:{email_key}", now=now)
    ASKED_FOR_ONE_A_DAY.count(work, f"{purpose}-day:{email_key}", now=now)
    counters = client.counters(purpose, ASKED_FROM_ONE)
    work.attempts.count_or_refuse(counters, TooManyMails, now=now)
