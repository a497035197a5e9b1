"""The log of what admins do: whose data they looked at, what they changed, and why."""

from dataclasses import dataclass, replace

from app.domain.actors import Actor
from app.domain.admins.actions import NOTHING, About, AdminActionKind
from app.domain.ids import UserId
from app.domain.paging import Cursor, Page
from app.domain.ports import Clock
from app.models.admins.actions import AdminAction
from app.models.users.users import User
from app.repositories.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminLogService:
    """Keeps the log, and shows it to admins."""

    database: Database
    clock: Clock

    def note(
        self,
        actor: Actor,
        action: AdminActionKind,
        about: About = NOTHING,
        *,
        words: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Add what an admin does, in a transaction of its own.

        Where no account is named, it is the one an order, a ticket or a refund is about.
        """
        with self.database.writing() as work:
            about = replace(about, account_id=work.admin_actions.account_of(about))
            work.admin_actions.note(
                actor, action, about, now=self.clock.now(), words=words, detail=detail
            )

    def page(
        self,
        *,
        caller: User,
        actor: str | None = None,
        action: AdminActionKind | None = None,
        account_id: UserId | None = None,
        after: Cursor | None,
        limit: int,
    ) -> Page[AdminAction]:
        """One page of the log, the newest first; ``None`` does not filter.

        Raises:
            RoleMissing: the caller is no admin.
        """
        caller.actor.ensure_admin()
        with self.database.reading() as work:
            return work.admin_actions.page(
                actor=actor, action=action, account_id=account_id, after=after, limit=limit
            )
