from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.domain.errors import (
    MessageNotFound,
    OrderNotFound,
    OrderNotPaid,
    RoleMissing,
    TooManyMails,
)
from app.domain.states import OutboxKind, OutboxStatus
from app.http.answers import IdempotentCallDep, PagingDep, accepted, answer
from app.http.callers import Admin, OwnerOrHolderSupport
from app.http.dependencies import ServicesDep
from app.http.openapi.links import link
from app.http.path_ids import OrderIdInPath, RowIdInPath
from app.http.problems import problems
from app.http.strict_route import StrictRoute
from app.schemas.operations.messages import MessageOut
from app.schemas.users.users import MailPromised

router = APIRouter(route_class=StrictRoute)

FIRST = "$response.body#/0/id"


@router.get(
    "/messages/",
    response_model=list[MessageOut],
    summary="List messages",
    tags=["health"],
    responses={
        200: {
            "links": {
                **link("show_message", message_id=FIRST),
                **link("resend_message", message_id=FIRST),
            },
        },
        **problems(RoleMissing),
    },
)
def list_messages(
    caller: Admin,
    services: ServicesDep,
    paging: PagingDep,
    status: Annotated[OutboxStatus | None, Query(description="With this status.")] = None,
    kind: Annotated[OutboxKind | None, Query(description="Of this kind.")] = None,
) -> Response:
    """What was promised to people by mail, the newest first. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.messages.page(
        caller=caller, status=status, kind=kind, after=paging.after("-id"), limit=paging.limit
    )
    return paging.answer(page.of(MessageOut.of))


@router.get(
    "/messages/{message_id}",
    response_model=MessageOut,
    summary="Show a message",
    tags=["health"],
    responses=problems(RoleMissing, MessageNotFound),
)
def show_message(message_id: RowIdInPath, caller: Admin, services: ServicesDep) -> Response:
    """What became of it, and why not. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    return answer(MessageOut.of(services.messages.get(caller=caller, message_id=message_id)))


@router.post(
    "/messages/{message_id}/resend",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=MessageOut,
    summary="Resend a message",
    tags=["health"],
    responses=problems(RoleMissing, MessageNotFound),
)
def resend_message(
    message_id: RowIdInPath, caller: Admin, services: ServicesDep, call: IdempotentCallDep
) -> Response:
    """Makes it due now, whatever became of it. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    return call.run(
        lambda: accepted(
            MessageOut.of(services.messages.send_again(caller=caller, message_id=message_id))
        )
    )


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

    def send() -> Response:
        services.messages.send_tickets_again(caller=caller, order_id=order_id)
        return accepted(MailPromised(message="A mail with the tickets is on its way."))

    return call.run(send)
