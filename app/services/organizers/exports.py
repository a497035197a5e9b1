"""What an event has, as files for other programs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from app.domain.checkin.attendees import AttendeeListing
from app.domain.checkin.check_ins import CheckInListing
from app.domain.ids import EventId
from app.domain.organizers.exports import (
    ACTIONS,
    CsvFile,
    ExportFile,
    ExportFormat,
    ExportKind,
    LedgerRow,
    OrderRow,
)
from app.domain.organizers.xlsx import XlsxFile
from app.domain.paging import Cursor, Page
from app.models.users.users import User
from app.repositories.database import Database
from app.repositories.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

ROWS_AT_ONCE: Final = 1000


class PageOf(Protocol):
    """Reads a page of an event's rows."""

    def __call__(self, event_id: EventId, *, after: Cursor | None, limit: int) -> Page[Any]: ...


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of an event: what they are, and what reads a page of them in a unit of work."""

    row: "type[DataclassInstance]"
    page_in: Callable[[UnitOfWork], PageOf]


TABLES: Final[Mapping[ExportKind, Table]] = {
    ExportKind.ORDERS: Table(OrderRow, lambda work: work.exports.orders),
    ExportKind.ATTENDEES: Table(AttendeeListing, lambda work: work.attendees.page),
    ExportKind.CHECK_INS: Table(CheckInListing, lambda work: work.check_ins.page),
    ExportKind.LEDGER: Table(LedgerRow, lambda work: work.exports.ledger),
}
"""Orders, attendees and lines of the ledger come oldest first, check-ins newest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportService:
    """Writes exports piece by piece: any number of rows takes the memory of one piece.

    No piece keeps a connection while the caller takes the one before. So each shows its own
    moment: rows of later pieces may be newer, and what is added in between may be missing.

    Attributes:
        database: where the rows are.
        rows_at_once: rows of a piece.
    """

    database: Database
    rows_at_once: int = ROWS_AT_ONCE

    def write(
        self,
        *,
        kind: ExportKind,
        form: ExportFormat = ExportFormat.CSV,
        event_id: EventId,
        organizer: User,
    ) -> Iterator[bytes]:
        """A file's pieces; a piece may be empty. The right is checked before it returns.

        Raises:
            EventNotFound: there is no such event, or it is another organization's.
            OrganizationRoleMissing: the caller's role there does not allow it.
        """
        with self.database.reading() as work:
            event = work.event_access.for_actor(organizer.actor, event_id, ACTIONS[kind])
            file = file_of(kind, form, time_zone=event.time_zone)
        return self._pieces(file, TABLES[kind], event_id)

    def _pieces(self, file: ExportFile, table: Table, event_id: EventId) -> Iterator[bytes]:
        try:
            yield file.begin()
            after: Cursor | None = None
            while True:
                with self.database.reading() as work:
                    page = table.page_in(work)(event_id, after=after, limit=self.rows_at_once)
                yield file.add(page.items)
                after = page.next
                if after is None:
                    break
            yield file.end()
        finally:
            file.close()


def file_of(kind: ExportKind, form: ExportFormat, *, time_zone: str) -> ExportFile:
    """An empty file of this kind and form."""
    match form:
        case ExportFormat.CSV:
            return CsvFile(TABLES[kind].row, time_zone=time_zone)
        case ExportFormat.XLSX:
            return XlsxFile(TABLES[kind].row, name=kind, time_zone=time_zone)
