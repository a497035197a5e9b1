"""Files of an event for spreadsheet programs, sent while they are written."""

from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.domain.errors import EventNotFound
from app.domain.ids import EventId
from app.domain.operations.clocks import CALL_ENDS_AT
from app.domain.organizers.exports import ExportFormat, ExportKind
from app.http.callers import AttendeeExporter, EventMoneyViewer, OrderViewer
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath
from app.http.services import Services
from app.http.strict_route import StrictRoute
from app.models.users.users import User

router = APIRouter(prefix="/events/{event_id}/exports", tags=["orders"], route_class=StrictRoute)

CSV: Final = "text/csv"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A CSV file (RFC 4180) in UTF-8 with a byte order mark, its first line the "
        "names of the columns. If it breaks off, so does the transfer: ask again.",
        "content": {CSV: {"schema": {"type": "string"}}},
    },
    **problems(EventNotFound),
}
DESCRIBED_XLSX: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A workbook (Office Open XML): texts are text, counts and amounts numbers, "
        "moments dates. More rows than a sheet takes (1,048,576 with the names of the columns) go "
        "on in a second sheet. If it breaks off, so does the transfer: ask again.",
        "content": {XLSX: {"schema": {"type": "string", "format": "binary"}}},
    },
    **problems(EventNotFound),
}


class CsvResponse(StreamingResponse):
    """A file that spreadsheet programs open, sent while it is written."""

    media_type = CSV


class XlsxResponse(StreamingResponse):
    """A workbook, sent while it is written."""

    media_type = XLSX


@router.get("/orders.csv", response_class=CsvResponse, summary="Export orders", responses=DESCRIBED)
def export_orders(
    event_id: EventIdInPath, organizer: OrderViewer, services: ServicesDep
) -> StreamingResponse:
    """The event's orders of every status with their buyers, the oldest first.

    Moments are in the event's zone, amounts in major units beside their currency.
    """
    return export(services, ExportKind.ORDERS, ExportFormat.CSV, event_id, organizer)


@router.get(
    "/attendees.csv", response_class=CsvResponse, summary="Export attendees", responses=DESCRIBED
)
def export_attendees(
    event_id: EventIdInPath, organizer: AttendeeExporter, services: ServicesDep
) -> StreamingResponse:
    """Tickets and their holders, the oldest tickets first, void ones too. No ticket codes.

    For members; gate staff see the list, and take no copy of its addresses along.
    """
    return export(services, ExportKind.ATTENDEES, ExportFormat.CSV, event_id, organizer)


@router.get(
    "/check-ins.csv", response_class=CsvResponse, summary="Export check-ins", responses=DESCRIBED
)
def export_check_ins(
    event_id: EventIdInPath, organizer: AttendeeExporter, services: ServicesDep
) -> StreamingResponse:
    """Scans and what was said to them, refusals too, the newest first. For members."""
    return export(services, ExportKind.CHECK_INS, ExportFormat.CSV, event_id, organizer)


@router.get(
    "/ledger.csv", response_class=CsvResponse, summary="Export the ledger", responses=DESCRIBED
)
def export_ledger(
    event_id: EventIdInPath, organizer: EventMoneyViewer, services: ServicesDep
) -> StreamingResponse:
    """Lines of the event's double-entry ledger, the oldest first; a positive amount is a debit.

    Their sums by account are those of the sales report.
    """
    return export(services, ExportKind.LEDGER, ExportFormat.CSV, event_id, organizer)


@router.get(
    "/orders.xlsx",
    response_class=XlsxResponse,
    summary="Export orders for Excel",
    responses=DESCRIBED_XLSX,
)
def export_orders_workbook(
    event_id: EventIdInPath, organizer: OrderViewer, services: ServicesDep
) -> StreamingResponse:
    """The rows of `orders.csv` as a workbook; moments are local ones of the event's zone."""
    return export(services, ExportKind.ORDERS, ExportFormat.XLSX, event_id, organizer)


@router.get(
    "/attendees.xlsx",
    response_class=XlsxResponse,
    summary="Export attendees for Excel",
    responses=DESCRIBED_XLSX,
)
def export_attendees_workbook(
    event_id: EventIdInPath, organizer: AttendeeExporter, services: ServicesDep
) -> StreamingResponse:
    """The rows of `attendees.csv` as a workbook; moments are local ones of the event's zone."""
    return export(services, ExportKind.ATTENDEES, ExportFormat.XLSX, event_id, organizer)


@router.get(
    "/check-ins.xlsx",
    response_class=XlsxResponse,
    summary="Export check-ins for Excel",
    responses=DESCRIBED_XLSX,
)
def export_check_ins_workbook(
    event_id: EventIdInPath, organizer: AttendeeExporter, services: ServicesDep
) -> StreamingResponse:
    """The rows of `check-ins.csv` as a workbook; moments are local ones of the event's zone."""
    return export(services, ExportKind.CHECK_INS, ExportFormat.XLSX, event_id, organizer)


@router.get(
    "/ledger.xlsx",
    response_class=XlsxResponse,
    summary="Export the ledger for Excel",
    responses=DESCRIBED_XLSX,
)
def export_ledger_workbook(
    event_id: EventIdInPath, organizer: EventMoneyViewer, services: ServicesDep
) -> StreamingResponse:
    """The rows of `ledger.csv` as a workbook; moments are local ones of the event's zone."""
    return export(services, ExportKind.LEDGER, ExportFormat.XLSX, event_id, organizer)


def export(
    services: Services, kind: ExportKind, form: ExportFormat, event_id: EventId, organizer: User
) -> StreamingResponse:
    """The file, which is not stored."""
    pieces = services.exports.write(kind=kind, form=form, event_id=event_id, organizer=organizer)
    return download(pieces, form, file_name(event_id, kind, form))


def file_name(event_id: EventId, kind: ExportKind, form: ExportFormat) -> str:
    """A name after the event and what is in the file."""
    return f"event-{event_id}-{kind}.{form}"


def download(pieces: Iterator[bytes], form: ExportFormat, name: str) -> StreamingResponse:
    """A file for this caller alone, to be kept under the name."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    kind = CsvResponse if form is ExportFormat.CSV else XlsxResponse
    return kind(_without_deadline(pieces), headers=headers)


def _without_deadline(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same; a file may take longer than a call waits for the database."""
    CALL_ENDS_AT.set(None)
    for piece in pieces:
        yield piece
        CALL_ENDS_AT.set(None)  # each piece is fetched in a context of its own
