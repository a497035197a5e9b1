from datetime import datetime

from sqlalchemy import select

from app.domain.actors import Actor
from app.domain.admins.actions import AdminActionKind, AdminSubject
from app.domain.ids import UserId
from app.domain.paging import NEWEST_FIRST, Cursor, Page
from app.models.admins.actions import AdminAction
from app.repositories.base import Repository
from app.repositories.paging import newest_first, page_of

LONGEST_KEPT_WORDS = 400


class AdminActionRepository(Repository):
    """The log of what admins do. It is only added to; see retention for its end."""

    def note(
        self,
        actor: Actor,
        action: AdminActionKind,
        *,
        now: datetime,
        subject: AdminSubject | None = None,
        subject_id: int | None = None,
        account_id: UserId | None = None,
        words: str | None = None,
        detail: str | None = None,
        reason: str | None = None,
    ) -> None:
        """Add what the actor does in this transaction; ``account_id``: whose data it is about."""
        self._insert_row(
            AdminAction(
                at=now,
                actor=actor.name,
                action=action,
                subject=subject,
                subject_id=subject_id,
                account_id=account_id,
                words=None if words is None else words[:LONGEST_KEPT_WORDS],
                detail=detail,
                reason=reason,
            )
        )

    def page(
        self,
        *,
        actor: str | None,
        action: AdminActionKind | None,
        account_id: UserId | None,
        after: Cursor | None,
        limit: int,
    ) -> Page[AdminAction]:
        """One page of the log, the newest first; ``None`` does not filter."""
        statement = select(AdminAction)
        if actor is not None:
            statement = statement.where(AdminAction.actor == actor)
        if action is not None:
            statement = statement.where(AdminAction.action == action)
        if account_id is not None:
            statement = statement.where(AdminAction.account_id == account_id)
        newest = newest_first(statement, AdminAction.at, AdminAction.id, after=after, limit=limit)
        found = self._db.scalars(newest).all()
        return page_of(found, limit, lambda row: (row.at, row.id), sort=NEWEST_FIRST)
