from fastapi import APIRouter, status

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    EventNotFound,
    EventValueInvalid,
    NotLoggedIn,
    PromoCodeTaken,
    TicketTypeNotFound,
)
from app.domain.ids import EventId, TicketTypeId
from app.domain.moments import in_zone
from app.domain.money import SUBUNITS_PER_UNIT
from app.domain.states import DiscountKind
from app.models.promo_codes import PromoCode
from app.routers.dependencies import CurrentUser, RowIdInPath, ServicesDep
from app.routers.problems import problems
from app.routers.refusals import BODY_REFUSALS, ValidationFailed
from app.routers.strict_route import StrictRoute
from app.schemas.promo_codes import PromoCodeCreate, PromoCodeOut
from app.services.promo_codes import NewPromoCode

router = APIRouter(
    prefix="/events/{event_id}/promo-codes", tags=["events"], route_class=StrictRoute
)

REFUSALS = (NotLoggedIn, EventNotFound, Busy, DatabaseUnavailable)


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
    responses=problems(
        PromoCodeTaken, TicketTypeNotFound, EventValueInvalid, *REFUSALS, *BODY_REFUSALS
    ),
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
            valid_from=body.valid_from and in_zone(body.valid_from, "UTC"),
            valid_until=body.valid_until and in_zone(body.valid_until, "UTC"),
            ticket_type_ids=[TicketTypeId(type_id) for type_id in body.ticket_type_ids],
        ),
    )
    return _out(code)


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
    )
