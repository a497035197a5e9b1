"""Files for spreadsheet programs in the console: downloaded at once, or prepared."""

from fastapi import Response
from fastapi.responses import HTMLResponse, StreamingResponse
from pydantic import ValidationError

from app.domain.errors import ExportNotFound, OrganizationRoleMissing, TooManyExports
from app.domain.ids import EventId, ExportId
from app.domain.organizers.exports import ACTIONS, ExportFormat, ExportKind
from app.domain.permissions import Action
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import EventIdInPath, ExportIdInPath
from app.http.services import Services
from app.models.organizers.export_jobs import ExportJob
from app.pages.forms import NO_MISTAKES, Mistakes, mistake_at, mistakes_in
from app.pages.rendering import PageRouter, page, see
from app.routers.organizers.exports import download, export, file_name
from app.schemas.organizers.export_jobs import ExportCreate
from app.services.organizers.managed_events import EventDesk

router = PageRouter("/manage/events/{event_id}/exports")


@router.get("")
def show_files(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """What can be downloaded at once or prepared, and what was prepared for me."""
    return _files(event_id, session, services)


@router.post("")
def prepare(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Have a file written in the background; the same button pressed twice begins one."""
    fields = {name: form.get(name, "") for name in ("kind", "format")}
    try:
        wanted = ExportCreate.model_validate(fields)
        job = services.export_jobs.request(
            event_id=event_id, organizer=session.user, kind=wanted.kind, form=wanted.format
        )
    except ValidationError as error:
        return _files(event_id, session, services, mistakes_in(error, fields))
    except TooManyExports as refusal:
        return _files(event_id, session, services, mistake_at("kind", refusal))
    return see(f"/manage/events/{event_id}/exports/{job.id}")


@router.get("/{kind}.{form}")
def download_at_once(
    event_id: EventIdInPath,
    kind: ExportKind,
    form: ExportFormat,
    session: SignedInBrowser,
    services: ServicesDep,
) -> StreamingResponse:
    """One of the event's files, sent while it is written."""
    return export(services, kind, form, event_id, session.user)


@router.get("/{export_id}")
def show_prepared(
    event_id: EventIdInPath,
    export_id: ExportIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
) -> HTMLResponse:
    """How far a prepared file is."""
    job = _job(event_id, export_id, session, services)
    desk = _desk(event_id, session, services)
    return page("manage_export.html", session=session, event=desk.shown.event, job=job)


@router.get("/{export_id}/file")
def download_prepared(
    event_id: EventIdInPath,
    export_id: ExportIdInPath,
    session: SignedInBrowser,
    services: ServicesDep,
) -> StreamingResponse:
    """The file."""
    job = _job(event_id, export_id, session, services)
    found = services.export_jobs.open(export_id=export_id, member=session.user)
    return download(found.pieces, job.form, file_name(job.event_id, job.kind, job.form))


def _job(
    event_id: EventId, export_id: ExportId, session: BrowserSession, services: Services
) -> ExportJob:
    """The export, of the event that the address names: the log of admins has that one.

    Raises:
        ExportNotFound: there is none, another account's, or another event's.
    """
    job = services.export_jobs.get(export_id=export_id, member=session.user)
    if job.event_id != event_id:
        raise ExportNotFound(export_id)
    return job


def _files(
    event_id: EventId,
    session: BrowserSession,
    services: Services,
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    desk = _desk(event_id, session, services)
    return page(
        "manage_exports.html",
        session=session,
        mistakes=mistakes,
        event=desk.shown.event,
        may_see_event=desk.rights.may(Action.SEE_EVENT),
        kinds=[kind for kind in ExportKind if desk.rights.may(ACTIONS[kind])],
        jobs=services.export_jobs.latest(event_id=event_id, member=session.user),
    )


def _desk(event_id: EventId, session: BrowserSession, services: Services) -> EventDesk:
    """The event, for everybody who may have one of its files."""
    try:
        return services.managed_events.show(event_id=event_id, organizer=session.user)
    except OrganizationRoleMissing:
        return services.managed_events.show(
            event_id=event_id, organizer=session.user, action=Action.SEE_ATTENDEES
        )
