"""Requests that the reader of a mail may use, found by the secret in the mail's link."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.errors import LinkInvalid
from app.domain.ids import AccountRequestId
from app.domain.ports import LinkTokens
from app.domain.states import AccountRequestKind
from app.domain.text import address_key
from app.models.users.account_requests import AccountRequest
from app.models.users.users import User
from app.repositories.unit_of_work import UnitOfWork

TO_PRESENT_ADDRESS: Final = (
    AccountRequestKind.RESET,
    AccountRequestKind.SIGN_IN,
    AccountRequestKind.CONFIRM,
)
"""What is for the reader of the account's address, as long as it is the account's."""


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
