from fastapi import APIRouter, Response

from app.domain.errors import Busy, DatabaseUnavailable
from app.http.dependencies import ServicesDep
from app.http.problems import problems
from app.http.refusals import ValidationFailed
from app.http.strict_route import StrictRoute
from app.schemas.checkin.keys import KeyOut, KeySetOut

router = APIRouter(tags=["tickets"], route_class=StrictRoute)

KEPT_FOR_SECONDS = 300


@router.get(
    "/.well-known/jwks.json",
    response_model=KeySetOut,
    summary="Get the public keys of tickets",
    responses=problems(ValidationFailed, Busy, DatabaseUnavailable),
)
def show_keys(response: Response, services: ServicesDep) -> KeySetOut:
    """Whoever has them can tell a ticket of ours from a forgery without asking.

    The first one signs new tickets; the others signed earlier ones. How to check a code is shown in
    `docs/verify_ticket.py`.
    """
    response.headers["Cache-Control"] = f"public, max-age={KEPT_FOR_SECONDS}"
    return KeySetOut(keys=[KeyOut.of(key) for key in services.tickets.public_keys()])
