from fastapi import APIRouter, Response, status

from app.domain.errors import (
    AccountNotFound,
    AddressNotConfirmed,
    EventNotFound,
    RecipientDisabled,
    StaffNotFound,
)
from app.http.answers import IdempotentCallDep, answer
from app.http.callers import GateManager
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath, UserIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.checkin.staff import StaffCreate, StaffOut

router = APIRouter(prefix="/events/{event_id}/staff", tags=["door"], route_class=StrictRoute)

LINKS = link("remove_staff", event_id="$request.path.event_id", user_id="$response.body#/user_id")


@router.get(
    "",
    response_model=list[StaffOut],
    summary="List an event's staff",
    responses=problems(EventNotFound),
)
def list_staff(event_id: EventIdInPath, organizer: GateManager, services: ServicesDep) -> Response:
    """In the order in which they were added. The organizer may always check, and is not listed."""
    found = services.staff.of_event(event_id=event_id, organizer=organizer)
    return answer([StaffOut.model_validate(each) for each in found])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=StaffOut,
    summary="Add a staff member",
    responses={
        201: {"links": LINKS},
        **problems(AccountNotFound, AddressNotConfirmed, RecipientDisabled, EventNotFound),
    },
)
def add_staff(
    event_id: EventIdInPath,
    body: StaffCreate,
    organizer: GateManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """They may scan, see attendees and undo mistakes at this event, and nothing else of it."""

    def take_on() -> StaffOut:
        added = services.staff.take_on(event_id=event_id, organizer=organizer, name=body.name)
        return StaffOut.model_validate(added)

    return call.run(take_on)


@router.delete(
    "/{user_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a staff member",
    responses=problems(StaffNotFound, EventNotFound),
)
def remove_staff(
    event_id: EventIdInPath,
    user_id: UserIdInPath,
    organizer: GateManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """What they scanned stays."""
    return call.run(
        lambda: services.staff.let_go(event_id=event_id, organizer=organizer, user_id=user_id)
    )
