from fastapi import APIRouter, Response, status

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    EventNotFound,
    EventValueInvalid,
    NotLoggedIn,
    PromoCodeHasOrders,
    PromoCodeNotFound,
    PromoCodeTaken,
    TicketTypeNotFound,
)
from app.domain.ids import EventId, PromoCodeId, TicketTypeId
from app.domain.money import SUBUNITS_PER_UNIT
from app.domain.states import DiscountKind
from app.http.dependencies import CurrentUser, RowIdInPath, ServicesDep
from app.http.openapi.links import link
from app.http.problems import problems
from app.http.refusals import BODY_REFUSALS, ValidationFailed
from app.http.strict_route import StrictRoute
from app.models.events.promo_codes import PromoCode
from app.routers.events.ticket_types import changed_values
from app.schemas.events.promo_codes import PromoCodeChange, PromoCodeCreate, PromoCodeOut
from app.services.events.promo_codes import NewPromoCode

router = APIRouter(
    prefix="/events/{event_id}/promo-codes", tags=["events"], route_class=StrictRoute
)

REFUSALS = (NotLoggedIn, EventNotFound, Busy, DatabaseUnavailable)
EVENT_ID, CODE_ID = "$request.path.event_id", "$response.body#/id"
CODE_LINKS = {
    **link("change_promo_code", event_id=EVENT_ID, promo_code_id=CODE_ID),
    **link("delete_promo_code", event_id=EVENT_ID, promo_code_id=CODE_ID),
}


@router.get(
    "",
    response_model=list[PromoCodeOut],
    summary="List an event's promo codes",
    responses=problems(ValidationFailed, *REFUSALS),
)
def list_promo_codes(
    event_id: RowIdInPath, organizer: CurrentUser, services: ServicesDep
) -> list[PromoCodeOut]:
    """With their uses so far. For the organizer only (and admins)."""
    codes = services.promo_codes.all_of(event_id=EventId(event_id), organizer=organizer)
    return [_out(code) for code in codes]


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    response_model=PromoCodeOut,
    summary="Create a promo code",
    responses={
        201: {"links": CODE_LINKS},
        **problems(
            PromoCodeTaken, TicketTypeNotFound, EventValueInvalid, *REFUSALS, *BODY_REFUSALS
        ),
    },
)
def create_promo_code(
    event_id: RowIdInPath, body: PromoCodeCreate, organizer: CurrentUser, services: ServicesDep
) -> PromoCodeOut:
    """Buyers send it as `promo_code` with their order; each order uses it once."""
    code = services.promo_codes.create(
        event_id=EventId(event_id),
        organizer=organizer,
        new=NewPromoCode(
            code=body.code,
            kind=body.kind,
            value=body.value,
            max_uses=body.max_uses,
            valid_from=body.valid_from,
            valid_until=body.valid_until,
            ticket_type_ids=[TicketTypeId(type_id) for type_id in body.ticket_type_ids],
        ),
    )
    return _out(code)


@router.patch(
    "/{promo_code_id}",
    response_model=PromoCodeOut,
    summary="Change or stop a promo code",
    responses=problems(
        PromoCodeNotFound,
        PromoCodeTaken,
        TicketTypeNotFound,
        EventValueInvalid,
        *REFUSALS,
        *BODY_REFUSALS,
    ),
)
def change_promo_code(
    event_id: RowIdInPath,
    promo_code_id: RowIdInPath,
    body: PromoCodeChange,
    organizer: CurrentUser,
    services: ServicesDep,
) -> PromoCodeOut:
    """Orders placed before keep their discount. A stopped code is good for no new order."""
    code = services.promo_codes.edit(
        event_id=EventId(event_id),
        promo_code_id=PromoCodeId(promo_code_id),
        organizer=organizer,
        changes=changed_values(body),
    )
    return _out(code)


@router.delete(
    "/{promo_code_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    response_class=Response,
    summary="Delete a promo code",
    responses=problems(PromoCodeNotFound, PromoCodeHasOrders, ValidationFailed, *REFUSALS),
)
def delete_promo_code(
    event_id: RowIdInPath,
    promo_code_id: RowIdInPath,
    organizer: CurrentUser,
    services: ServicesDep,
) -> None:
    """Only while no order was placed with it; later it can be stopped."""
    services.promo_codes.delete(
        event_id=EventId(event_id), promo_code_id=PromoCodeId(promo_code_id), organizer=organizer
    )


def _out(code: PromoCode) -> PromoCodeOut:
    is_fixed = code.kind == DiscountKind.FIXED
    return PromoCodeOut(
        id=code.id,
        code=code.code,
        kind=code.kind,
        value=code.value / SUBUNITS_PER_UNIT if is_fixed else code.value,
        max_uses=code.max_uses,
        used=code.used,
        valid_from=code.valid_from,
        valid_until=code.valid_until,
        ticket_type_ids=code.ticket_type_ids,
        is_stopped=code.is_stopped,
    )
