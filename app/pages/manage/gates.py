"""The console's gates: who checks the tickets of an event, and the phones that do."""

import base64
from contextlib import suppress
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import (
    AccountNotFound,
    AddressNotConfirmed,
    Conflict,
    DeviceNotFound,
    StaffNotFound,
    TicketingError,
)
from app.domain.ids import EventId
from app.domain.listings import EventListing
from app.domain.permissions import Action
from app.http.browsers.sessions import (
    BrowserSession,
    FormFields,
    PageRoute,
    SendingBrowser,
    SignedInBrowser,
)
from app.http.dependencies import ServicesDep
from app.http.path_ids import DeviceIdInPath, EventIdInPath, UserIdInPath
from app.http.problems import status_of
from app.http.services import Services
from app.pages.forms import mistakes_in
from app.pages.rendering import page
from app.pages.users.signing_in import see
from app.routers.checkin.devices import enrolment_url
from app.schemas.checkin.devices import DeviceCreate
from app.schemas.checkin.staff import StaffCreate

router = APIRouter(
    prefix="/manage/events/{event_id}/gates", include_in_schema=False, route_class=PageRoute
)

ACCOUNT: Final = "account"
STAFF_FIELDS: Final = (ACCOUNT,)
DEVICE_FIELDS: Final = ("name", "gate")

NO_ACCOUNT: Final = "No account has this user name or e-mail address. Ask them to sign up first."
NOT_CONFIRMED: Final = (
    "The account with this address has not confirmed it: another person may have opened it. Ask "
    "its owner to confirm the address, or type the user name."
)


@router.get("")
def show_gates(
    event_id: EventIdInPath, session: SignedInBrowser, services: ServicesDep
) -> HTMLResponse:
    """Gate staff and scanners of the event."""
    return _shown(event_id, session, services, {})


@router.post("/staff")
def add_staff(
    event_id: EventIdInPath, session: SendingBrowser, services: ServicesDep, form: FormFields
) -> Response:
    """Let an account check tickets."""
    _event(event_id, session, services)
    try:
        wanted = StaffCreate(name=form.get(ACCOUNT, ""))
        services.staff.take_on(event_id=event_id, organizer=session.user, name=wanted.name)
    except ValidationError as error:
        (mistake, *_) = mistakes_in(error, ()).values()
        return _shown(event_id, session, services, form, {ACCOUNT: mistake}, status=422)
    except (AccountNotFound, Conflict) as refusal:
        told, status = {ACCOUNT: _told(refusal)}, status_of(type(refusal))
        return _shown(event_id, session, services, form, told, status=status)
    return see(_address(event_id))


@router.post("/staff/{user_id}/remove")
def remove_staff(
    event_id: EventIdInPath,
    user_id: UserIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
) -> Response:
    """Take the right away; an account that has it no more is as wanted."""
    with suppress(StaffNotFound):
        services.staff.let_go(event_id=event_id, organizer=session.user, user_id=user_id)
    return see(_address(event_id))


@router.post("/scanners")
def add_scanner(
    event_id: EventIdInPath,
    request: Request,
    session: SendingBrowser,
    services: ServicesDep,
    form: FormFields,
) -> Response:
    """Make a scanner, and show the QR code that makes a phone be it: once, on this page."""
    event = _event(event_id, session, services)
    try:
        wanted = DeviceCreate(name=form.get("name", ""), gate=form.get("gate", "").strip() or None)
    except ValidationError as error:
        mistakes = mistakes_in(error, DEVICE_FIELDS)
        return _shown(event_id, session, services, form, mistakes, status=422)
    made = services.devices.prepare(
        event_id=event_id,
        organizer=session.user,
        name=wanted.name,
        gate=wanted.gate,
        url_of=enrolment_url(request),
    )
    return page(
        "manage_scanner.html",
        status=201,
        has_form=True,
        session=session,
        event=event,
        made=made,
        until=made.expires_at.astimezone(ZoneInfo(event.time_zone)),
        picture=f"data:image/png;base64,{base64.b64encode(made.qr_png).decode()}",
    )


@router.post("/scanners/{device_id}/revoke")
def revoke_scanner(
    event_id: EventIdInPath,
    device_id: DeviceIdInPath,
    session: SendingBrowser,
    services: ServicesDep,
) -> Response:
    """End a scanner; one that has ended is as wanted."""
    with suppress(DeviceNotFound):
        services.devices.revoke(event_id=event_id, organizer=session.user, device_id=device_id)
    return see(_address(event_id))


def _address(event_id: EventId) -> str:
    return f"/manage/events/{event_id}/gates"


def _event(event_id: EventId, session: BrowserSession, services: Services) -> EventListing:
    desk = services.managed_events.show(
        event_id=event_id, organizer=session.user, action=Action.MANAGE_GATES
    )
    return desk.shown.event


def _told(refusal: TicketingError) -> str:
    match refusal:
        case AccountNotFound():
            return NO_ACCOUNT
        case AddressNotConfirmed():
            return NOT_CONFIRMED
    return refusal.detail


def _shown(
    event_id: EventId,
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    mistakes: dict[str, str] | None = None,
    *,
    status: int = 200,
) -> HTMLResponse:
    event = _event(event_id, session, services)
    zone = ZoneInfo(event.time_zone)

    def local(moment: datetime) -> datetime:
        return moment.astimezone(zone)

    scanners = services.devices.of_event(event_id=event_id, organizer=session.user)
    return page(
        "manage_gates.html",
        status=status,
        has_form=True,
        session=session,
        event=event,
        staff=services.staff.of_event(event_id=event_id, organizer=session.user),
        scanners=[each for each in scanners if each.revoked_at is None],
        revoked=[each for each in scanners if each.revoked_at is not None],
        local=local,
        values=values,
        mistakes=mistakes or {},
    )
