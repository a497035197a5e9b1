from fastapi import APIRouter, Response, status

from app.domain.errors import (
    OrderNotFound,
    OrderNotPaid,
    TooManyMails,
)
from app.http.answers import IdempotentCallDep
from app.http.callers import OwnerOrHolderSupport
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import OrderIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.users.users import MailPromised

router = APIRouter(route_class=StrictRoute)


@router.post(
    "/orders/{order_id}/confirmation",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=MailPromised,
    summary="Resend tickets by mail",
    tags=["orders"],
    responses=problems(OrderNotFound, OrderNotPaid, TooManyMails),
)
def resend_tickets(
    order_id: OrderIdInPath,
    caller: OwnerOrHolderSupport,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """To the buyer, who may ask for it, as may the organizer: three times an hour.

    Needed first: a paid order whose tickets were not all refunded.
    """

    def send() -> MailPromised:
        services.messages.send_tickets_again(caller=caller, order_id=order_id)
        return MailPromised(message="A mail with the tickets is on its way.")

    return call.run(send)
