from fastapi import APIRouter, Response, status

from app.domain.errors import (
    EventNotFound,
    EventValueInvalid,
    PromoCodeHasOrders,
    PromoCodeNotFound,
    PromoCodeTaken,
    TicketTypeNotFound,
)
from app.domain.events.changes import PromoCodeChanges
from app.domain.money import SUBUNITS_PER_UNIT
from app.domain.states import DiscountKind
from app.http.answers import IdempotentCallDep, answer
from app.http.callers import EventManager, EventViewer
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import EventIdInPath, PromoCodeIdInPath
from app.http.strict_route import StrictRoute
from app.models.events.promo_codes import PromoCode
from app.routers.events.ticket_types import changed_values
from app.schemas.events.promo_codes import PromoCodeChange, PromoCodeCreate, PromoCodeOut
from app.services.events.promo_codes import NewPromoCode

router = APIRouter(
    prefix="/events/{event_id}/promo-codes", tags=["events"], route_class=StrictRoute
)

EVENT_ID, CODE_ID = "$request.path.event_id", "$response.body#/id"
CODE_LINKS = {
    **link("change_promo_code", event_id=EVENT_ID, promo_code_id=CODE_ID),
    **link("delete_promo_code", event_id=EVENT_ID, promo_code_id=CODE_ID),
}


@router.get(
    "",
    response_model=list[PromoCodeOut],
    summary="List an event's promo codes",
    responses=problems(EventNotFound),
)
def list_promo_codes(
    event_id: EventIdInPath, organizer: EventViewer, services: ServicesDep
) -> Response:
    """With their uses so far. For the organizer only (and admins)."""
    codes = services.promo_codes.all_of(event_id=event_id, organizer=organizer)
    return answer([_out(code) for code in codes])


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=PromoCodeOut,
    summary="Create a promo code",
    responses={
        201: {"links": CODE_LINKS},
        **problems(PromoCodeTaken, TicketTypeNotFound, EventValueInvalid, EventNotFound),
    },
)
def create_promo_code(
    event_id: EventIdInPath,
    body: PromoCodeCreate,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Buyers send it as `promo_code` with their order; each order uses it once."""
    return call.run(
        lambda: _out(
            services.promo_codes.create(
                event_id=event_id,
                organizer=organizer,
                new=new_promo_code(body),
            )
        )
    )


@router.patch(
    "/{promo_code_id}",
    response_model=PromoCodeOut,
    summary="Change or stop a promo code",
    responses=problems(
        PromoCodeNotFound, PromoCodeTaken, TicketTypeNotFound, EventValueInvalid, EventNotFound
    ),
)
def change_promo_code(
    event_id: EventIdInPath,
    promo_code_id: PromoCodeIdInPath,
    body: PromoCodeChange,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Orders placed before keep their discount. A stopped code is good for no new order."""
    return call.run(
        lambda: _out(
            services.promo_codes.edit(
                event_id=event_id,
                promo_code_id=promo_code_id,
                organizer=organizer,
                changes=PromoCodeChanges(**changed_values(body)),
            )
        )
    )


@router.delete(
    "/{promo_code_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Delete a promo code",
    responses=problems(PromoCodeNotFound, PromoCodeHasOrders, EventNotFound),
)
def delete_promo_code(
    event_id: EventIdInPath,
    promo_code_id: PromoCodeIdInPath,
    organizer: EventManager,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Only while no order was placed with it; later it can be stopped."""
    return call.run(
        lambda: services.promo_codes.delete(
            event_id=event_id,
            promo_code_id=promo_code_id,
            organizer=organizer,
        )
    )


def new_promo_code(body: PromoCodeCreate) -> NewPromoCode:
    """The code a body describes."""
    return NewPromoCode(**dict(body))


def _out(code: PromoCode) -> PromoCodeOut:
    is_fixed = code.kind == DiscountKind.FIXED
    value = code.value / SUBUNITS_PER_UNIT if is_fixed else code.value
    return PromoCodeOut.from_fields(code, value=value)
