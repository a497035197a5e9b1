from collections.abc import Iterator
from typing import Any, Final

from fastapi import APIRouter
from fastapi.responses import StreamingResponse

from app.domain.errors import EventNotFound
from app.domain.ids import EventId
from app.domain.operations.deadlines import CALL_ENDS_AT
from app.http.callers import AttendeeExporter, EventMoneyViewer, OrderViewer
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.problems import problems
from app.http.strict_route import StrictRoute

router = APIRouter(prefix="/events/{event_id}/exports", tags=["orders"], route_class=StrictRoute)

CSV: Final = "text/csv"
DESCRIBED: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A CSV file (RFC 4180) in UTF-8 with a byte order mark, its first line the "
        "names of the columns. If it breaks off, so does the transfer: ask again.",
        "content": {CSV: {"schema": {"type": "string"}}},
    },
    **problems(EventNotFound),
}


class CsvResponse(StreamingResponse):
    """A file that spreadsheet programs open, sent while it is written."""

    media_type = CSV


@router.get(
    "/orders.csv",
    response_class=CsvResponse,
    summary="Export orders",
    responses=DESCRIBED,
)
def export_orders(
    event_id: EventIdInPath, organizer: OrderViewer, services: ServicesDep
) -> CsvResponse:
    """The event's orders of every status with their buyers, the oldest first.

    Moments are in the event's zone, amounts in major units beside their currency.
    """
    pieces = services.exports.orders(event_id=event_id, organizer=organizer)
    return download(pieces, event_id, "orders")


@router.get(
    "/attendees.csv",
    response_class=CsvResponse,
    summary="Export attendees",
    responses=DESCRIBED,
)
def export_attendees(
    event_id: EventIdInPath, organizer: AttendeeExporter, services: ServicesDep
) -> CsvResponse:
    """Tickets and their holders, the oldest tickets first, void ones too. No ticket codes.

    For members; gate staff see the list, and take no copy of its addresses along.
    """
    pieces = services.exports.attendees(event_id=event_id, organizer=organizer)
    return download(pieces, event_id, "attendees")


@router.get(
    "/check-ins.csv",
    response_class=CsvResponse,
    summary="Export check-ins",
    responses=DESCRIBED,
)
def export_check_ins(
    event_id: EventIdInPath, organizer: AttendeeExporter, services: ServicesDep
) -> CsvResponse:
    """Scans and what was said to them, refusals too, the newest first. For members."""
    pieces = services.exports.check_ins(event_id=event_id, organizer=organizer)
    return download(pieces, event_id, "check-ins")


@router.get(
    "/ledger.csv",
    response_class=CsvResponse,
    summary="Export the ledger",
    responses=DESCRIBED,
)
def export_ledger(
    event_id: EventIdInPath, organizer: EventMoneyViewer, services: ServicesDep
) -> CsvResponse:
    """Lines of the event's double-entry ledger, the oldest first; a positive amount is a debit.

    Their sums by account are those of the sales report.
    """
    pieces = services.exports.ledger(event_id=event_id, organizer=organizer)
    return download(pieces, event_id, "ledger")


def download(pieces: Iterator[str], event_id: EventId, name: str) -> CsvResponse:
    """The file, which is not stored, named after the event and what is in it."""
    headers = {
        "Content-Disposition": f'attachment; filename="event-{event_id}-{name}.csv"',
        "Cache-Control": "no-store",
    }
    return CsvResponse(_without_deadline(pieces), headers=headers)


def _without_deadline(pieces: Iterator[str]) -> Iterator[str]:
    """The same; a file may take longer than a call waits for the database."""
    CALL_ENDS_AT.set(None)
    for piece in pieces:
        yield piece
        CALL_ENDS_AT.set(None)  # each piece is fetched in a context of its own
