from fastapi import APIRouter, Response

from app.domain.errors import EventNotFound
from app.http.answers import answer
from app.http.callers import EventMoneyViewer
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.http.problems import problems
from app.http.strict_route import StrictRoute
from app.schemas.organizers.reports import SalesReportOut

router = APIRouter(prefix="/events/{event_id}", tags=["orders"], route_class=StrictRoute)


@router.get(
    "/sales-report",
    response_model=SalesReportOut,
    summary="Show an event's sales report",
    responses=problems(EventNotFound),
)
def show_sales_report(
    event_id: EventIdInPath, organizer: EventMoneyViewer, services: ServicesDep
) -> Response:
    """Money by day, ticket type and promo code, equal to the ledger to the minor unit.

    For members who may see money (and admins).
    """
    return answer(SalesReportOut.of(services.reports.sales(event_id=event_id, organizer=organizer)))
