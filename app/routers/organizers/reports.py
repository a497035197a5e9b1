from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.errors import EventNotFound, OrganizationNotFound, PeriodInvalid
from app.domain.organizers.reports import Period
from app.http.answers import answer
from app.http.callers import AttendeeExporter, EventMoneyViewer
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath, OrganizationIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.base import Day
from app.schemas.organizers.attendance import AttendanceReportOut
from app.schemas.organizers.reports import OrganizationSalesReportOut, SalesReportOut

router = APIRouter(prefix="/events/{event_id}", tags=["orders"], route_class=StrictRoute)
organizations = APIRouter(
    prefix="/organizations/{organization_id}", tags=["organizations"], route_class=StrictRoute
)


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


@router.get(
    "/attendance-report",
    response_model=AttendanceReportOut,
    summary="Show an event's attendance report",
    responses=problems(EventNotFound),
)
def show_attendance_report(
    event_id: EventIdInPath, organizer: AttendeeExporter, services: ServicesDep
) -> Response:
    """Scans by gate, reason and quarter of an hour, and the share of tickets whose holder came.

    Equal to the event's check-ins, each counted at the time of its scan. For members who may see
    attendees (and admins).
    """
    report = services.reports.attendance(event_id=event_id, organizer=organizer)
    return answer(AttendanceReportOut.of(report))


@organizations.get(
    "/sales-report",
    response_model=OrganizationSalesReportOut,
    summary="Show an organization's sales report",
    responses=problems(OrganizationNotFound, PeriodInvalid),
)
def show_organization_sales_report(
    organization_id: OrganizationIdInPath,
    member: EventMoneyViewer,
    services: ServicesDep,
    since: Annotated[
        Day | None, Query(alias="from", description="The first day, in each event's zone.")
    ] = None,
    until: Annotated[Day | None, Query(description="The day behind the last one.")] = None,
) -> Response:
    """Money and tickets of each event and in all, equal to the ledger to the minor unit.

    Amounts of two currencies are never added. For members who may see money (and admins).
    """
    report = services.reports.organization_sales(
        organization_id=organization_id, member=member, period=Period(since, until)
    )
    return answer(OrganizationSalesReportOut.of(report))
