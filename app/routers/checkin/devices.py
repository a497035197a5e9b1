from fastapi import APIRouter, Request, Response, status

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    DeviceNotFound,
    EnrolmentInvalid,
    EventNotFound,
    NotLoggedIn,
    ScannerNotEnrolled,
)
from app.domain.ids import DeviceId, EventId
from app.http.actors import CurrentScanner
from app.http.calls.naming import never_named
from app.http.dependencies import CurrentUser, RowIdInPath, ServicesDep, public_url
from app.http.openapi.links import link
from app.http.problems import problems
from app.http.refusals import BODY_REFUSALS, ValidationFailed
from app.http.strict_route import StrictRoute
from app.models.checkin.devices import ScannerDevice
from app.schemas.checkin.devices import (
    DeviceCreate,
    DeviceOut,
    EnrolledScannerOut,
    EnrolRequest,
    NewDeviceOut,
    ScannerTokenOut,
)

router = APIRouter(tags=["door"], route_class=StrictRoute)

OF_DATABASE = (Busy, DatabaseUnavailable)
REFUSALS = (NotLoggedIn, EventNotFound, *OF_DATABASE)
LINKS = {
    **link("revoke_device", event_id="$response.body#/event_id", device_id="$response.body#/id"),
    **link("enrol_scanner", body={"code": "$response.body#/enrolment/code"}),
}


@router.get(
    "/events/{event_id}/devices",
    response_model=list[DeviceOut],
    summary="List scanners",
    responses=problems(ValidationFailed, *REFUSALS),
)
def list_devices(
    event_id: RowIdInPath, organizer: CurrentUser, services: ServicesDep
) -> list[ScannerDevice]:
    """In the order in which they were made, revoked ones too."""
    return list(services.devices.of_event(event_id=EventId(event_id), organizer=organizer))


@router.post(
    "/events/{event_id}/devices",
    status_code=status.HTTP_201_CREATED,
    response_model=NewDeviceOut,
    summary="Prepare a scanner",
    responses={201: {"links": LINKS}, **problems(*REFUSALS, *BODY_REFUSALS)},
)
@never_named  # the answer holds a secret
def prepare_device(
    event_id: RowIdInPath,
    body: DeviceCreate,
    request: Request,
    organizer: CurrentUser,
    services: ServicesDep,
) -> NewDeviceOut:
    """Show the QR code to a phone within 24 hours: it becomes a scanner of this event, once."""
    shop = public_url(request)
    made = services.devices.prepare(
        event_id=EventId(event_id),
        organizer=organizer,
        name=body.name,
        gate=body.gate,
        url_of=lambda code: f"{shop}/scan#enrol={code}",
    )
    return NewDeviceOut.made(made)


@router.post(
    "/scanners/enrol",
    response_model=ScannerTokenOut,
    summary="Become a scanner",
    responses=problems(EnrolmentInvalid, EventNotFound, *OF_DATABASE, *BODY_REFUSALS),
)
@never_named  # the answer is a secret
def enrol_scanner(body: EnrolRequest, services: ServicesDep) -> ScannerTokenOut:
    """Exchanges the code of a scanner's QR code, once, for a token that opens its event's door."""
    token, scanner = services.devices.enrol(code=body.code)
    return ScannerTokenOut.issued(token, scanner)


@router.get(
    "/scanners/me",
    response_model=EnrolledScannerOut,
    summary="Show this scanner",
    responses=problems(
        NotLoggedIn, ScannerNotEnrolled, EventNotFound, ValidationFailed, *OF_DATABASE
    ),
)
def show_scanner(scanner: CurrentScanner, services: ServicesDep) -> EnrolledScannerOut:
    """The scanner whose token this is, and its event as it is now.

    `event-not-found`: the event is over for too long, and the scanner's rights with it.
    """
    return EnrolledScannerOut.of(services.devices.show(scanner=scanner))


@router.delete(
    "/events/{event_id}/devices/{device_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Revoke a scanner",
    responses=problems(DeviceNotFound, ValidationFailed, *REFUSALS),
)
def revoke_device(
    event_id: RowIdInPath, device_id: RowIdInPath, organizer: CurrentUser, services: ServicesDep
) -> None:
    """Its token opens nothing from now on, as when the phone is lost. What it scanned stays."""
    services.devices.revoke(
        event_id=EventId(event_id), organizer=organizer, device_id=DeviceId(device_id)
    )
