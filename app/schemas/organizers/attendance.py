from datetime import datetime
from typing import Annotated, Self
from zoneinfo import ZoneInfo

from pydantic import Field, PlainSerializer, WithJsonSchema

from app.domain.checkin.doors import ScanReason
from app.domain.ids import EventId
from app.domain.organizers.attendance import Scans, refusals, scans_by
from app.domain.organizers.reports import start_of
from app.schemas.base import ResponseBody
from app.services.organizers.reports import AttendanceReport

LocalMoment = Annotated[
    datetime,
    PlainSerializer(
        lambda moment: moment.isoformat(timespec="seconds"), return_type=str, when_used="json"
    ),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment with the offset of the event's zone, as ``2027-05-01T19:00:00+01:00``."""


class ScansOut(ResponseBody):
    """Scans that were not undone."""

    admitted: int = Field(description="Entries; with re-entry a ticket may have several.")
    left: int = Field(examples=[0])
    refused: int = Field(description="Also entries an offline scanner should have refused.")


class GateScansOut(ScansOut):
    """Scans at one gate."""

    gate: str | None = Field(description="`null`: gates without a name.")


class QuarterOut(GateScansOut):
    """Scans at one gate within a quarter of an hour."""

    starts_at: LocalMoment = Field(
        description="When the quarter of an hour begins, with the offset of the event's zone then.",
        examples=["2030-06-01T18:45:00+01:00"],
    )


class TypeAttendanceOut(ResponseBody):
    """Valid tickets of a type, and those whose holder came."""

    ticket_type: str
    tickets: int
    admitted: int


class RefusedOut(ResponseBody):
    """Scans that were refused for one reason."""

    reason: ScanReason = Field(examples=["already-used"])
    scans: int = Field(examples=[3])


class AttendanceReportOut(ResponseBody):
    """Who came to an event, all of one moment."""

    event_id: EventId
    time_zone: str = Field(description="In which the quarters of an hour are told.")
    tickets: int = Field(description="Tickets sold that are valid: neither refunded nor void.")
    admitted_tickets: int = Field(description="Those of them whose holder came in.", examples=[120])
    admitted_share: float = Field(
        description="`admitted_tickets` of `tickets`, from 0 to 1.", examples=[0.6]
    )
    scans: ScansOut
    undone: int = Field(
        description="Scans that were undone; nothing else counts them.", examples=[1]
    )
    by_ticket_type: list[TypeAttendanceOut]
    by_gate: list[GateScansOut]
    by_reason: list[RefusedOut] = Field(description="The most frequent first.")
    by_quarter: list[QuarterOut] = Field(
        description="For each gate, quarters of an hour with a scan; the oldest first."
    )

    @classmethod
    def of(cls, report: AttendanceReport) -> Self:
        zone = ZoneInfo(report.time_zone)
        return cls.from_fields(
            report,
            tickets=report.door.tickets,
            admitted_tickets=report.door.admitted,
            scans=Scans.of(report.scans),
            by_ticket_type=report.door.by_type,
            by_gate=[GateScansOut.from_fields(scans, gate=gate) for gate, scans in report.by_gate],
            by_reason=[
                RefusedOut(reason=reason, scans=scans) for reason, scans in refusals(report.scans)
            ],
            by_quarter=[
                QuarterOut.from_fields(
                    scans, starts_at=start_of(quarter).astimezone(zone), gate=gate
                )
                for (quarter, gate), scans in scans_by(
                    report.scans, lambda each: (each.quarter, each.gate)
                )
            ],
        )
