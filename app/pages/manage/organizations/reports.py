"""What all events of an organization have sold, in the console."""

from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import Query
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter, ValidationError

from app.domain.errors import PeriodInvalid
from app.domain.money import Money
from app.domain.organizers.reports import Period
from app.http.browsers.sessions import SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import OrganizationIdInPath
from app.pages.forms import NO_MISTAKES, Mistakes
from app.pages.rendering import PageRouter, page
from app.schemas.base import Day

router = PageRouter("/manage/organizations/{organization_id}")

DAY: Final = TypeAdapter(Day)

DayField = Annotated[str, Query(max_length=20)]


@router.get("/report")
def show_organization_report(
    organization_id: OrganizationIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
    first: DayField = "",
    last: DayField = "",
) -> HTMLResponse:
    """Money by event and currency, of some days or of all; people name the last day, too."""
    mistakes: dict[str, str] = {}
    period = Period()
    try:
        period = Period(_day(first, "first", mistakes), _behind(_day(last, "last", mistakes)))
    except PeriodInvalid:
        mistakes["last"] = "The last day comes before the first."
    report = services.reports.organization_sales(
        organization_id=organization_id, member=session.user, period=period
    )
    return page(
        "manage_organization_report.html",
        session=session,
        mistakes=Mistakes(mistakes, 422) if mistakes else NO_MISTAKES,
        report=report,
        values={"first": first, "last": last},
        money=Money,
    )


def _day(text: str, field: str, mistakes: dict[str, str]) -> date | None:
    try:
        return DAY.validate_python(text) if text else None
    except ValidationError:
        mistakes[field] = "Write a day as in 2030-05-01."
        return None


def _behind(day: date | None) -> date | None:
    """The day behind this one; none is behind the last of the calendar."""
    return None if day is None or day == date.max else day + timedelta(days=1)
