"""Files of an event that take long to write: prepared in the background."""

from typing import Final

from fastapi import APIRouter, Response, status
from fastapi.responses import StreamingResponse

from app.domain.errors import (
    EventNotFound,
    ExportNotFound,
    ExportNotReady,
    FilesUnavailable,
    TooManyExports,
)
from app.http.answers import IdempotentCallDep, answer
from app.http.callers import OrderViewer, Owner
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath, ExportIdInPath
from app.http.strict_route import StrictRoute
from app.routers.organizers.exports import CSV, XLSX, download, file_name
from app.schemas.organizers.export_jobs import ExportCreate, ExportOut

requests = APIRouter(prefix="/events/{event_id}/exports", tags=["orders"], route_class=StrictRoute)
router = APIRouter(prefix="/exports/{export_id}", tags=["orders"], route_class=StrictRoute)

ID: Final = "$response.body#/id"
LINKS: Final = {**link("show_export", export_id=ID), **link("download_export", export_id=ID)}


@requests.post(
    "",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=ExportOut,
    summary="Prepare an export",
    responses={202: {"links": LINKS}, **problems(EventNotFound, TooManyExports)},
)
def prepare_export(
    event_id: EventIdInPath,
    body: ExportCreate,
    organizer: OrderViewer,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Have a large file written in the background; a mail tells when it is ready.

    Each kind takes the role that its direct export takes. The same file that is not ready yet is
    not begun twice.
    """
    return call.run(
        lambda: ExportOut.of(
            services.export_jobs.request(
                event_id=event_id, organizer=organizer, kind=body.kind, form=body.format
            )
        )
    )


@router.get(
    "",
    response_model=ExportOut,
    summary="Show a prepared export",
    responses=problems(ExportNotFound),
)
def show_export(export_id: ExportIdInPath, member: Owner, services: ServicesDep) -> Response:
    """How far it is. Only who asked for it, as long as their role allows it."""
    return answer(ExportOut.of(services.export_jobs.get(export_id=export_id, member=member)))


@router.get(
    "/file",
    response_class=StreamingResponse,
    summary="Download a prepared export",
    responses={
        200: {
            "description": "The file, in the format it was asked for.",
            "content": {
                CSV: {"schema": {"type": "string"}},
                XLSX: {"schema": {"type": "string", "format": "binary"}},
            },
        },
        **problems(ExportNotFound, ExportNotReady, FilesUnavailable),
    },
)
def download_export(
    export_id: ExportIdInPath, member: Owner, services: ServicesDep
) -> StreamingResponse:
    """Only who asked for it, as long as their role allows it.

    Needed first: an export that is `ready`; put its id.
    """
    found = services.export_jobs.open(export_id=export_id, member=member)
    job = found.job
    return download(found.pieces, job.form, file_name(job.event_id, job.kind, job.form))
