"""What an event has, as CSV files for other programs."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Final

from app.domain.checkin.attendees import AttendeeListing
from app.domain.checkin.check_ins import CheckInListing
from app.domain.ids import EventId
from app.domain.organizers.exports import CsvFile, LedgerRow, OrderRow
from app.domain.paging import Cursor, Page
from app.domain.permissions import Action
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROWS_AT_ONCE: Final = 1000


class ExportService:
    """Writes exports piece by piece: any number of rows takes the memory of one piece.

    No piece keeps a connection while the caller takes the one before. So each shows its own
    moment: rows of later pieces may be newer, and what is added meanwhile may be missing.

    Every method checks the caller's right before it returns, and raises:
        EventNotFound: there is no such event, or it is another organization's.
        OrganizationRoleMissing: the caller's role there does not allow it.

    Args:
        database: where the rows are.
        rows_at_once: rows of a piece.
    """

    def __init__(self, *, database: Database, rows_at_once: int = ROWS_AT_ONCE) -> None:
        self._database = database
        self._rows_at_once = rows_at_once

    def orders(self, *, event_id: EventId, organizer: User) -> Iterator[str]:
        """Orders of every status, the oldest first."""
        file = self._file(OrderRow, event_id, organizer, Action.SEE_ORDERS)
        return self._pieces(
            file,
            lambda work, after: work.exports.orders(
                event_id, after=after, limit=self._rows_at_once
            ),
        )

    def attendees(self, *, event_id: EventId, organizer: User) -> Iterator[str]:
        """Tickets and their holders, the oldest tickets first, void ones too; no codes."""
        file = self._file(AttendeeListing, event_id, organizer, Action.SEE_ATTENDEES)
        return self._pieces(
            file,
            lambda work, after: work.attendees.page(
                event_id, words=None, after=after, limit=self._rows_at_once
            ),
        )

    def check_ins(self, *, event_id: EventId, organizer: User) -> Iterator[str]:
        """Scans and what was said to them, the newest first."""
        file = self._file(CheckInListing, event_id, organizer, Action.SEE_ATTENDEES)
        return self._pieces(
            file,
            lambda work, after: work.check_ins.page(
                event_id, verdict=None, ticket_id=None, after=after, limit=self._rows_at_once
            ),
        )

    def ledger(self, *, event_id: EventId, organizer: User) -> Iterator[str]:
        """Lines of the ledger, the oldest first."""
        file = self._file(LedgerRow, event_id, organizer, Action.SEE_MONEY)
        return self._pieces(
            file,
            lambda work, after: work.exports.ledger(
                event_id, after=after, limit=self._rows_at_once
            ),
        )

    def _file(
        self, kind: "type[DataclassInstance]", event_id: EventId, organizer: User, action: Action
    ) -> CsvFile:
        with self._database.reading() as work:
            event = work.event_access.for_actor(organizer.actor, event_id, action)
            return CsvFile(kind, time_zone=event.time_zone)

    def _pieces(
        self, file: CsvFile, page_after: Callable[[UnitOfWork, Cursor | None], Page[Any]]
    ) -> Iterator[str]:
        yield file.beginning
        after: Cursor | None = None
        while True:
            with self._database.reading() as work:
                page = page_after(work, after)
            yield file.lines(page.items)
            after = page.next
            if after is None:
                return
