from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import case, delete, func, literal, select, update

from app.database.leases import renew_lease, store_leased, take_lease
from app.domain.errors import MessageNotFound
from app.domain.ids import AccountRequestId, EventId, UserId
from app.domain.operations.leases import Lease
from app.domain.paging import Cursor, Page, page_by_id
from app.domain.states import OutboxKind, OutboxStatus
from app.models.operations.outbox import OutboxMessage
from app.models.users.account_requests import AccountRequest
from app.repositories.base import Repository, defaults_of, table_of

M: Final = table_of(OutboxMessage).c

ABOUT_REQUESTS: Final = (
    OutboxKind.PASSWORD_RESET,
    OutboxKind.SIGN_IN_LINK,
    OutboxKind.EMAIL_CONFIRMATION,
    OutboxKind.EMAIL_CHANGE_ASKED,
)
"""Kinds whose subject is an ``AccountRequest``."""

ABOUT_TWO_STEP: Final = (OutboxKind.TWO_STEP_ON, OutboxKind.TWO_STEP_OFF)
"""Kinds whose subject is a ``TwoStepSecret``."""


class OutboxRepository(Repository):
    def enqueue(
        self,
        kind: OutboxKind,
        subject_id: int,
        *,
        event_id: EventId | None,
        addressee_id: int = 0,
        now: datetime,
    ) -> None:
        """Add a message; it is sent after this transaction has been committed.

        Args:
            kind: what it is about.
            subject_id: the row it is about.
            event_id: that of the subject; ``None``: it is of none, such as an account.
            addressee_id: tells several messages about one subject apart; see ``OutboxMessage``.
            now: when it is due.
        """
        self._insert_row(
            OutboxMessage(
                kind=kind,
                subject_id=subject_id,
                event_id=event_id,
                addressee_id=addressee_id,
                status=OutboxStatus.DUE,
                created_at=now,
                work_at=now,
            )
        )

    def skip(self, kind: OutboxKind, subject_id: int) -> None:
        """Send none of the messages of this kind about the subject that were not sent yet."""
        self._run(
            update(table_of(OutboxMessage))
            .where(M.kind == kind, M.subject_id == subject_id, M.status == OutboxStatus.DUE)
            .values(status=OutboxStatus.DROPPED)
        )

    def enqueue_once(
        self, kind: OutboxKind, subject_id: int, *, event_id: EventId, now: datetime
    ) -> None:
        """Add a message, unless it is waiting or was sent already."""
        self.enqueue_each(kind, subject_id, [UserId(0)], event_id=event_id, now=now)

    def enqueue_each(
        self,
        kind: OutboxKind,
        subject_id: int,
        addressees: Sequence[UserId],
        *,
        event_id: EventId,
        now: datetime,
    ) -> None:
        """Add a message about the same subject for each of them who has none yet.

        The addressee 0 is the owner of the subject.
        """
        if not addressees:
            return
        shared = {
            "kind": kind,
            "subject_id": subject_id,
            "event_id": event_id,
            "created_at": now,
            "work_at": now,
        }
        self._db.execute(
            self._insert(OutboxMessage)
            .values(
                [
                    {**shared, "status": OutboxStatus.DUE, "addressee_id": user_id}
                    for user_id in addressees
                ]
            )
            .on_conflict_do_nothing(index_elements=["kind", "subject_id", "addressee_id"])
        )

    def enqueue_about_request(
        self, kind: OutboxKind, request_id: AccountRequestId | None, *, now: datetime
    ) -> None:
        """Owe the mail about a request; for ``None`` the same statement finds nothing to promise.

        So the time it takes does not tell whether there is an account.
        """
        values = {
            **defaults_of(OutboxMessage),
            "kind": kind,
            "status": OutboxStatus.DUE,
            "created_at": now,
            "work_at": now,
        }
        found = select(
            AccountRequest.id, *(literal(value, M[name].type) for name, value in values.items())
        ).where(AccountRequest.id == (request_id or 0))
        insertion = table_of(OutboxMessage).insert().from_select(["subject_id", *values], found)
        self._db.execute(insertion)

    def forget_about_requests(self, *, ended_before: datetime) -> None:
        """Delete the messages about requests that could be used at most until then."""
        ended = select(AccountRequest.id).where(AccountRequest.expires_at < ended_before)
        self._db.execute(
            delete(OutboxMessage).where(
                OutboxMessage.kind.in_(ABOUT_REQUESTS), OutboxMessage.subject_id.in_(ended)
            )
        )

    def take(self, *, now: datetime, lasts: timedelta) -> Lease | None:
        """The next message to send, for this worker alone; its ``attempts`` count this one too."""
        return take_lease(
            self._db,
            OutboxMessage,
            OutboxMessage.status == OutboxStatus.DUE,
            due_at=OutboxMessage.work_at,
            now=now,
            lasts=lasts,
            attempts=OutboxMessage.attempts + 1,
        )

    def renew(self, lease: Lease, *, now: datetime, lasts: timedelta) -> Lease:
        """Have the lease anew, to hand the message over now.

        Raises:
            LeaseLost: another worker has it.
        """
        return renew_lease(self._db, OutboxMessage, lease, now=now, lasts=lasts)

    def get(self, message_id: int) -> OutboxMessage:
        """The message.

        Raises:
            MessageNotFound: there is none of this id.
        """
        message = self._db.get(OutboxMessage, message_id)
        if message is None:
            raise MessageNotFound(message_id)
        return message

    def find(self, kind: OutboxKind, subject_id: int) -> OutboxMessage | None:
        """The one message of a kind that goes to the owner of the subject."""
        return self._db.scalar(
            select(OutboxMessage).where(
                OutboxMessage.kind == kind,
                OutboxMessage.subject_id == subject_id,
                OutboxMessage.addressee_id == 0,
            )
        )

    def page(
        self,
        *,
        status: OutboxStatus | None,
        kind: OutboxKind | None,
        after: Cursor | None,
        limit: int,
        among: Sequence[int] | None = None,
    ) -> Page[OutboxMessage]:
        """One page of messages, the newest first; ``None`` does not filter.

        ``among``: the ids of those to choose from.
        """
        statement = select(OutboxMessage)
        if among is not None:
            statement = statement.where(OutboxMessage.id.in_(among))
        if status is not None:
            statement = statement.where(OutboxMessage.status == status)
        if kind is not None:
            statement = statement.where(OutboxMessage.kind == kind)
        if after is not None:
            statement = statement.where(OutboxMessage.id < after.id)
        newest = statement.order_by(OutboxMessage.id.desc()).limit(limit + 1)
        found = self._db.scalars(newest).all()
        return page_by_id(found, limit, lambda message: message.id)

    def send_again(self, message_id: int, *, now: datetime) -> OutboxMessage:
        """Make the message due now, whatever became of it.

        One that is still due only has its turn now. Any other is a mail of its own to a mailbox,
        and has all its attempts before it.

        Raises:
            MessageNotFound: there is none of this id.
        """
        is_due = OutboxMessage.status == OutboxStatus.DUE
        message = self._db.scalar(
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id)
            .values(
                status=OutboxStatus.DUE,
                work_at=now,
                resends=OutboxMessage.resends + case((is_due, 0), else_=1),
                attempts=case((is_due, OutboxMessage.attempts), else_=0),
                resent_at=case(
                    (is_due, OutboxMessage.resent_at), else_=literal(now, M.resent_at.type)
                ),
            )
            .returning(OutboxMessage)
            .execution_options(populate_existing=True)
        )
        if message is None:
            raise MessageNotFound(message_id)
        return message

    def drop_dead(self, message_id: int) -> bool:
        """End a message that was given up; tell whether it was."""
        dropped = (
            update(OutboxMessage)
            .where(OutboxMessage.id == message_id, OutboxMessage.status == OutboxStatus.DEAD)
            .values(status=OutboxStatus.DROPPED)
            .returning(OutboxMessage)
        )
        return self._db.scalar(dropped.execution_options(populate_existing=True)) is not None

    def retry(self, lease: Lease, *, at: datetime, error: str) -> None:
        """Try again then.

        Raises:
            LeaseLost: another worker has it.
        """
        store_leased(self._db, OutboxMessage, lease, work_at=at, last_error=error[:300])

    def end(
        self,
        lease: Lease,
        status: OutboxStatus,
        *,
        error: str | None = None,
        sent_at: datetime | None = None,
    ) -> None:
        """The message was sent or is given up, or there is nothing left to tell.

        Raises:
            LeaseLost: another worker has it.
        """
        last_error = error and error[:300]
        store_leased(
            self._db, OutboxMessage, lease, status=status, last_error=last_error, sent_at=sent_at
        )

    def oldest_due(self) -> datetime | None:
        """Since when the message is due that waits longest, failed attempts included."""
        due_since = func.coalesce(OutboxMessage.resent_at, OutboxMessage.created_at)
        return self._db.scalar(
            select(func.min(due_since)).where(OutboxMessage.status == OutboxStatus.DUE)
        )
