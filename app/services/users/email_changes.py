"""A new e-mail address for an account: asked for, confirmed by its reader, taken back."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from app.domain.errors import EmailTaken
from app.domain.ids import UserId
from app.domain.ports import Clock, WorkSignal
from app.domain.states import AccountRequestKind, OutboxKind
from app.models.users.account_requests import AccountRequest
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork
from app.services.operations.mail_limits import MailLimit
from app.services.users.account_requests import CONFIRMATION_LIFE, CONFIRMING, add_reset
from app.services.users.accounts_by_mail import lock_out
from app.services.users.mailed_requests import MailedRequests

UNDO_LIFE: Final = CONFIRMATION_LIFE + timedelta(days=7)
"""At least a week after the change took effect."""

CHANGES_OF_ONE: Final = MailLimit(most=5, within=timedelta(hours=1))


@dataclass(frozen=True, slots=True)
class AskedInMail:
    """What a link asks its reader: which account it is about, and which address."""

    kind: AccountRequestKind
    username: str
    email: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EmailChangeService:
    """What readers of mails say about the addresses of accounts, besides that they are theirs."""

    database: Database
    clock: Clock
    requests: MailedRequests
    signal: WorkSignal

    def look(self, *, token: str) -> AskedInMail:
        """What a link about an address is about; nothing is changed.

        Raises:
            LinkInvalid: the link is not ours, was used, or has ended.
        """
        kinds = (*CONFIRMING, AccountRequestKind.UNDO_CHANGE)
        with self.database.reading() as work:
            request, user = self.requests.usable(work, token, kinds, now=self.clock.now())
        return AskedInMail(request.kind, user.username, request.email)

    def decline(self, *, token: str) -> None:
        """The reader of the mail does not know the account.

        No login is possible any more to an account whose only address this is and which is not
        confirmed; its reader may take it over by setting a password. Another account keeps its
        old address.

        Raises:
            LinkInvalid: the link is not ours, was used, or has ended.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            request, user = self.requests.use(work, token, CONFIRMING, now=now)
            if request.kind == AccountRequestKind.CONFIRM and not user.email_confirmed:
                lock_out(work, user, now=now)

    def undo(self, *, token: str) -> None:
        """The owner of the old address did not ask for the change, or wants it back.

        The account has the old address again. Who asked knew the password, so it ends, with all
        logins and links; a mail to the old address sets a new one. A second step of signing in that
        was switched on since ends as well: it may be the thief's. Changes that were asked for
        later can no longer be taken back one by one; earlier ones can.

        Raises:
            LinkInvalid: the link is not ours, was used, or has ended.
            EmailTaken: another account has the old address now.
        """
        now = self.clock.now()
        with self.database.writing() as work:
            kinds = [AccountRequestKind.UNDO_CHANGE]
            request, user = self.requests.use(work, token, kinds, now=now)
            work.account_requests.end_later_undos(request, now=now)
            lock_out(work, user, now=now)
            user.move(request.email, now=now)
            work.users.save()
            add_reset(work, user.email_key, now=now)
            ended = work.two_step.end(user.id, since=request.created_at, now=now)
            if ended is not None:
                work.outbox.enqueue(OutboxKind.TWO_STEP_OFF, ended, event_id=None, now=now)
        self.signal.wake()


def count_change(work: UnitOfWork, user_id: UserId, *, now: datetime) -> None:
    """Count that another address was asked for, also if it is refused: that tells who has it.

    Raises:
        TooManyMails: too many changes were asked for.
    """
    CHANGES_OF_ONE.count(work, f"email-change:{user_id}", now=now)


def ask_for_change(work: UnitOfWork, user: User, email: str, *, now: datetime) -> None:
    """Mail the new address a link that makes it the account's, and the old one a link to undo.

    An old address that was never confirmed gets no mail: its reader may be a stranger, whose
    address the owner mistyped. Until the link to undo ends, no account can be opened with the
    old address, which would stand in its way.

    Args:
        work: the transaction.
        user: the account, locked.
        email: the new address.
        now: the present moment.

    Raises:
        EmailTaken: the address belongs to another account.
    """
    other = work.users.find_by_email(email)
    if other is not None and other.id != user.id:
        raise EmailTaken
    work.account_requests.end_all(user.id, AccountRequestKind.CHANGE, now=now)
    change = AccountRequest(
        user_id=user.id,
        kind=AccountRequestKind.CHANGE,
        email=email,
        created_at=now,
        expires_at=now + CONFIRMATION_LIFE,
    )
    work.account_requests.open(change)
    work.outbox.enqueue(OutboxKind.EMAIL_CONFIRMATION, change.id, event_id=None, now=now)
    if not user.email_confirmed:
        return
    undo = AccountRequest(
        user_id=user.id,
        kind=AccountRequestKind.UNDO_CHANGE,
        email=user.email,
        kept_key=user.email_key,
        created_at=now,
        expires_at=now + UNDO_LIFE,
    )
    work.account_requests.open(undo)
    work.outbox.enqueue(OutboxKind.EMAIL_CHANGE_ASKED, undo.id, event_id=None, now=now)
