"""What an event has sold and who came, in the console."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from fastapi.responses import HTMLResponse

from app.domain.checkin.doors import WORDS
from app.domain.ids import TicketTypeId
from app.domain.money import Money
from app.domain.organizers.attendance import Scans, refusals, scans_by
from app.domain.organizers.reports import TypeSales, start_of
from app.domain.permissions import Action
from app.http.browsers.sessions import SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath
from app.pages.rendering import PageRouter, page

router = PageRouter("/manage/events/{event_id}")


@router.get("/report")
def show_report(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """Money in all and by day, tickets by day, type and promo code."""
    report = services.reports.sales(event_id=event_id, organizer=session.user)
    event = services.managed_events.show(event_id=event_id, organizer=session.user).shown.event
    return page(
        "manage_report.html",
        session=session,
        event=event,
        report=report,
        has_plots=True,
        seconds_of=_seconds_of,
        shares=_shares(report.by_type),
        most_a_day=max(report.tickets_by_day.values(), default=0),
        most_of_a_type=max((each.tickets for each in report.by_type), default=0),
        money=Money,
    )


@router.get("/attendance")
def show_attendance(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """Who came, by gate and quarter of an hour, and why scans were refused."""
    report = services.reports.attendance(event_id=event_id, organizer=session.user)
    desk = services.managed_events.show(
        event_id=event_id, organizer=session.user, action=Action.SEE_ATTENDEES
    )
    zone = ZoneInfo(report.time_zone)
    by_quarter = scans_by(report.scans, lambda each: each.quarter)
    return page(
        "manage_attendance.html",
        session=session,
        event=desk.shown.event,
        may_see_event=desk.rights.may(Action.SEE_EVENT),
        report=report,
        total=Scans.of(report.scans),
        refusals=[(WORDS[reason], scans) for reason, scans in refusals(report.scans)],
        by_quarter=[(start_of(each).astimezone(zone), scans) for each, scans in by_quarter],
        by_gate_and_quarter=[
            (start_of(quarter).astimezone(zone), gate, scans)
            for (quarter, gate), scans in scans_by(
                report.scans, lambda each: (each.quarter, each.gate)
            )
        ],
        has_plots=True,
        is_live=True,
        most_at_once=max((scans.admitted for _, scans in by_quarter), default=0),
    )


def _seconds_of(day: date) -> int:
    """Where a plot of days has the day: its midnight in UTC."""
    return int(datetime.combine(day, time(), UTC).timestamp())


def _shares(types: Sequence[TypeSales]) -> dict[TicketTypeId, float]:
    """What part of all tickets each type has, in percent."""
    total = sum(each.tickets for each in types)
    return {each.ticket_type_id: 100 * each.tickets / total if total else 0 for each in types}
