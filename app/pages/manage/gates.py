"""The console's gates: who checks the tickets of an event, and the phones that do."""

import base64
from contextlib import suppress
from typing import Final
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from pydantic import ValidationError

from app.domain.errors import (
    AccountNotFound,
    AddressNotConfirmed,
    Conflict,
    DeviceNotFound,
    StaffNotFound,
)
from app.domain.ids import EventId
from app.domain.permissions import Action
from app.http.browsers.sessions import BrowserSession, FormFields, SendingBrowser, SignedInBrowser
from app.http.dependencies import ServicesDep
from app.http.path_ids import DeviceIdInPath, EventIdInPath, UserIdInPath
from app.http.services import Services
from app.pages.forms import NO_MISTAKES, Mistakes, mistake_at, mistakes_in
from app.pages.manage.shown_events import event_of, local_times
from app.pages.rendering import PageRouter, page, see
from app.routers.checkin.devices import enrolment_url
from app.schemas.checkin.devices import DeviceCreate
from app.schemas.checkin.staff import StaffCreate

router = PageRouter("/manage/events/{event_id}/gates")

ACCOUNT: Final = "account"
DEVICE_FIELDS: Final = ("name", "gate")

NO_ACCOUNT: Final = "No account has this user name or e-mail address. Ask them to sign up first."
NOT_CONFIRMED: Final = (
    "The account with this address has not confirmed it: another person may have opened it. Ask "
    "its owner to confirm the address, or type the user name."
)
WORDS: Final[dict[type[Exception], str]] = {
    AccountNotFound: NO_ACCOUNT,
    AddressNotConfirmed: NOT_CONFIRMED,
}
"""What the API says in words for programs."""


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
    event_of(event_id, session, services, Action.MANAGE_GATES)
    try:
        wanted = StaffCreate(name=form.get(ACCOUNT, ""))
        services.staff.take_on(event_id=event_id, organizer=session.user, name=wanted.name)
    except (ValidationError, AccountNotFound, Conflict) as refusal:
        mistakes = mistake_at(ACCOUNT, refusal, WORDS.get(type(refusal)))
        return _shown(event_id, session, services, form, mistakes)
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
    event = event_of(event_id, session, services, Action.MANAGE_GATES)
    try:
        wanted = DeviceCreate(name=form.get("name", ""), gate=form.get("gate", "").strip() or None)
    except ValidationError as error:
        mistakes = mistakes_in(error, DEVICE_FIELDS)
        return _shown(event_id, session, services, form, mistakes)
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


def _shown(
    event_id: EventId,
    session: BrowserSession,
    services: Services,
    values: dict[str, str],
    mistakes: Mistakes = NO_MISTAKES,
) -> HTMLResponse:
    event = event_of(event_id, session, services, Action.MANAGE_GATES)
    scanners = services.devices.of_event(event_id=event_id, organizer=session.user)
    return page(
        "manage_gates.html",
        session=session,
        mistakes=mistakes,
        event=event,
        staff=services.staff.of_event(event_id=event_id, organizer=session.user),
        scanners=[each for each in scanners if each.revoked_at is None],
        revoked=[each for each in scanners if each.revoked_at is not None],
        local=local_times(event),
        values=values,
    )
