"""What people may do about all that is kept about them."""

from fastapi import APIRouter

from app.domain.errors import Busy, DatabaseUnavailable, NotLoggedIn
from app.routers.dependencies import CurrentUser, ServicesDep
from app.routers.problems import problems
from app.routers.refusals import ValidationFailed
from app.routers.strict_route import StrictRoute
from app.schemas.own_data import OwnDataOut

router = APIRouter(prefix="/users/me", tags=["users"], route_class=StrictRoute)


@router.get(
    "/export",
    response_model=OwnDataOut,
    summary="Export what is kept about me",
    responses=problems(NotLoggedIn, ValidationFailed, Busy, DatabaseUnavailable),
)
def export_my_data(user: CurrentUser, services: ServicesDep) -> OwnDataOut:
    """Everything about the account in one document: orders, payments, tickets, mails, logins.

    Tickets come without what opens the door. The words of mails, card numbers and passwords are not
    kept. Answers under an `Idempotency-Key` are left out; they are forgotten after a day.
    """
    return OwnDataOut.of(services.own_data.export(user_id=user.id))
