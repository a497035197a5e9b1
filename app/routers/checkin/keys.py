from fastapi import APIRouter, Response

from app.http.answers import answer
from app.http.callers import public
from app.http.dependencies import ServicesDep
from app.http.strict_route import StrictRoute
from app.schemas.checkin.keys import KeyOut, KeySetOut

router = APIRouter(tags=["tickets"], route_class=StrictRoute)

KEPT_FOR_SECONDS = 300


@router.get(
    "/.well-known/jwks.json",
    response_model=KeySetOut,
    summary="List public ticket keys",
)
@public
def list_public_keys(services: ServicesDep) -> Response:
    """With them a ticket of this shop is told from a forgery without a call.

    The first one signs new tickets; the others signed earlier ones. How to check a code is shown in
    `docs/verify_ticket.py`.
    """
    keys = KeySetOut(keys=[KeyOut.of(key) for key in services.tickets.public_keys()])
    return answer(keys, headers={"Cache-Control": f"public, max-age={KEPT_FOR_SECONDS}"})
