"""What admins find by anything a caller may quote. Each search is in the log of admins."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.admins.actions import AdminActionKind
from app.domain.admins.searches import Quoted
from app.domain.paging import Cursor, Page
from app.models.events.events import Event
from app.models.operations.outbox import OutboxMessage
from app.models.users.users import User
from app.repositories.admins.searches import FoundOrder, FoundPayment, FoundTicket
from app.repositories.database import Database
from app.services.admins.log import AdminLogService


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The first of each kind that the words may stand for, the newest first."""

    people: Page[User]
    orders: Page[FoundOrder]
    payments: Page[FoundPayment]
    tickets: Page[FoundTicket]
    mails: Page[OutboxMessage]
    events: Sequence[Event]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminSearchService:
    """Finds people, orders, payments and tickets of all events; mails are the outbox's.

    Every method raises ``RoleMissing`` where the caller is no admin. What was searched for is kept
    before anything is looked up.
    """

    database: Database
    log: AdminLogService

    def search(self, *, caller: User, words: str, limit: int) -> Found:
        """At most so many of each kind."""
        quoted = self._quoted(caller, words, "everything")
        with self.database.reading() as work:
            found = work.admin_searches
            return Found(
                people=found.people(quoted, after=None, limit=limit),
                orders=found.orders(quoted, after=None, limit=limit),
                payments=found.payments(quoted, after=None, limit=limit),
                tickets=found.tickets(quoted, after=None, limit=limit),
                mails=work.outbox.page(
                    status=None,
                    kind=None,
                    after=None,
                    limit=limit,
                    among=found.mail_ids(quoted),
                ),
                events=found.events(quoted, limit=limit),
            )

    def people(self, *, caller: User, words: str, after: Cursor | None, limit: int) -> Page[User]:
        quoted = self._quoted(caller, words, "people")
        with self.database.reading() as work:
            return work.admin_searches.people(quoted, after=after, limit=limit)

    def orders(
        self, *, caller: User, words: str, after: Cursor | None, limit: int
    ) -> Page[FoundOrder]:
        quoted = self._quoted(caller, words, "orders")
        with self.database.reading() as work:
            return work.admin_searches.orders(quoted, after=after, limit=limit)

    def payments(
        self, *, caller: User, words: str, after: Cursor | None, limit: int
    ) -> Page[FoundPayment]:
        quoted = self._quoted(caller, words, "payments")
        with self.database.reading() as work:
            return work.admin_searches.payments(quoted, after=after, limit=limit)

    def tickets(
        self, *, caller: User, words: str, after: Cursor | None, limit: int
    ) -> Page[FoundTicket]:
        quoted = self._quoted(caller, words, "tickets")
        with self.database.reading() as work:
            return work.admin_searches.tickets(quoted, after=after, limit=limit)

    def _quoted(self, caller: User, words: str, kind: str) -> Quoted:
        caller.actor.ensure_admin()
        quoted = Quoted(words)
        self.log.note(caller.actor, AdminActionKind.SEARCHED, words=quoted.key, detail=kind)
        return quoted
