from collections.abc import Callable

from fastapi import APIRouter, Request, Response, status

from app.domain.errors import DeviceNotFound, EnrolmentInvalid, EventNotFound
from app.http.answers import IdempotentCallDep, answer, created, without_idempotency_key
from app.http.callers import CurrentScanner, GateManager, public
from app.http.dependencies import ServicesDep, public_url
from app.http.openapi.responses import link, problems
from app.http.path_ids import DeviceIdInPath, EventIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.checkin.devices import (
    DeviceCreate,
    DeviceOut,
    EnrolledScannerOut,
    EnrolRequest,
    NewDeviceOut,
    ScannerTokenOut,
)

router = APIRouter(tags=["door"], route_class=StrictRoute)

LINKS = {
    **link("revoke_device", event_id="$response.body#/event_id", device_id="$response.body#/id"),
    **link("enrol_device", body={"code": "$response.body#/enrolment/code"}),
}


@router.get(
    "/events/{event_id}/devices",
    response_model=list[DeviceOut],
    summary="List scanner devices",
    responses=problems(EventNotFound),
)
def list_devices(
    event_id: EventIdInPath, organizer: GateManager, services: ServicesDep
) -> Response:
    """In the order in which they were made, revoked ones too."""
    found = services.devices.of_event(event_id=event_id, organizer=organizer)
    return answer([DeviceOut.model_validate(each) for each in found])


@router.post(
    "/events/{event_id}/devices",
    status_code=status.HTTP_201_CREATED,
    response_model=NewDeviceOut,
    summary="Create a scanner device",
    responses={201: {"links": LINKS}, **problems(EventNotFound)},
)
@without_idempotency_key  # the answer holds a secret
def create_device(
    event_id: EventIdInPath,
    body: DeviceCreate,
    request: Request,
    organizer: GateManager,
    services: ServicesDep,
) -> Response:
    """Show the QR code to a phone within 24 hours: it becomes a scanner of this event, once."""
    made = services.devices.prepare(
        event_id=event_id,
        organizer=organizer,
        name=body.name,
        gate=body.gate,
        url_of=enrolment_url(request),
    )
    return created(NewDeviceOut.made(made))


@router.post(
    "/scanners/enrol",
    response_model=ScannerTokenOut,
    summary="Enrol a scanner device",
    responses={
        200: {"links": link("show_enrolled_device")},
        **problems(EnrolmentInvalid, EventNotFound),
    },
)
@without_idempotency_key  # the answer is a secret
@public
def enrol_device(body: EnrolRequest, services: ServicesDep) -> Response:
    """Exchanges the code of a scanner's QR code, once, for a token that opens its event's door."""
    token, scanner = services.devices.enrol(code=body.code)
    return answer(ScannerTokenOut.issued(token, scanner))


@router.get(
    "/scanners/me",
    response_model=EnrolledScannerOut,
    summary="Show this scanner device",
    responses=problems(EventNotFound),
)
def show_enrolled_device(scanner: CurrentScanner, services: ServicesDep) -> Response:
    """The scanner whose token this is, and its event as it is now.

    `event-not-found`: the event is over for too long, and the scanner's rights with it.
    """
    return answer(EnrolledScannerOut.model_validate(services.devices.show(scanner=scanner)))


@router.delete(
    "/events/{event_id}/devices/{device_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Revoke a scanner device",
    responses=problems(DeviceNotFound, EventNotFound),
)
def revoke_device(
    event_id: EventIdInPath,
    device_id: DeviceIdInPath,
    organizer: GateManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Its token opens nothing from now on, as when the phone is lost. What it scanned stays."""
    return call.run(
        lambda: services.devices.revoke(event_id=event_id, organizer=organizer, device_id=device_id)
    )


def enrolment_url(request: Request) -> Callable[[str], str]:
    """The address a phone opens to become a scanner, from its code."""
    shop = public_url(request)
    return lambda code: f"{shop}/scan#enrol={code}"
