from typing import Self

from pydantic import ConfigDict, Field

from app.domain.ids import EventId, ExportId
from app.domain.organizers.exports import ExportFormat, ExportKind, ExportState
from app.models.organizers.export_jobs import ExportJob
from app.schemas.base import Moment, RequestBody, ResponseBody


class ExportCreate(RequestBody):
    """A file to prepare."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"kind": "orders", "format": "xlsx"}]}
    )

    kind: ExportKind = Field(strict=False, description="What of the event.")
    format: ExportFormat = Field(
        default=ExportFormat.CSV, strict=False, description="How it is written."
    )


class ExportOut(ResponseBody):
    """A file that is prepared, and how far it is."""

    id: ExportId
    event_id: EventId
    kind: ExportKind = Field(examples=["orders"])
    format: ExportFormat = Field(examples=["xlsx"])
    state: ExportState = Field(
        description="`ready`: download it; `failed`: ask for it again.", examples=["ready"]
    )
    rows: int = Field(description="Rows written so far.", examples=[12_000])
    rows_expected: int | None = Field(
        description="How many there were when it was begun; `null`: it is not begun yet.",
        examples=[12_000],
    )
    bytes: int | None = Field(
        description="Size of the file; `null`: it is not ready.", examples=[640_000]
    )
    requested_at: Moment
    ended_at: Moment | None
    expires_at: Moment = Field(description="When it is deleted with its file.")

    @classmethod
    def of(cls, job: ExportJob) -> Self:
        return cls.from_fields(job, format=job.form)
