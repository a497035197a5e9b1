"""What an event has sold, in the console, and its files for spreadsheet programs."""

from enum import StrEnum

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.domain.money import Money
from app.http.browsers.sessions import PageRoute, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.pages.rendering import page
from app.routers.organizers.exports import CsvResponse, download

router = APIRouter(
    prefix="/manage/events/{event_id}", include_in_schema=False, route_class=PageRoute
)


class Export(StrEnum):
    """What can be downloaded."""

    ORDERS = "orders"
    ATTENDEES = "attendees"
    CHECK_INS = "check-ins"
    LEDGER = "ledger"


@router.get("/report")
def show_report(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """Money in all and by day, tickets by day, type and promo code."""
    report = services.reports.sales(event_id=event_id, organizer=session.user)
    event = services.managed_events.show(event_id=event_id, organizer=session.user).shown.event
    return page(
        "manage_report.html",
        has_form=True,
        session=session,
        event=event,
        report=report,
        most_a_day=max(report.tickets_by_day.values(), default=0),
        most_of_a_type=max((each.tickets for each in report.by_type), default=0),
        money=Money,
        exports=list(Export),
    )


@router.get("/exports/{name}.csv")
def export(
    event_id: EventIdInPath, name: Export, session: SignedInBrowser, services: ServicesDep
) -> CsvResponse:
    """One of the event's files."""
    exports = services.exports
    write = {
        Export.ORDERS: exports.orders,
        Export.ATTENDEES: exports.attendees,
        Export.CHECK_INS: exports.check_ins,
        Export.LEDGER: exports.ledger,
    }[name]
    return download(write(event_id=event_id, organizer=session.user), event_id, name)
