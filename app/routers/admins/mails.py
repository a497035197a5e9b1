"""Mails, for admins: what became of them, and once more."""

from typing import Annotated

from fastapi import APIRouter, Query, Response, status

from app.domain.admins.actions import LONGEST_WORDS
from app.domain.errors import MessageNotDead, MessageNotFound
from app.domain.states import OutboxKind, OutboxStatus
from app.http.answers import IdempotentCallDep, PagingDep, answer
from app.http.callers import Admin
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import link, problems
from app.http.path_ids import RowIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.admins.actions import ReasonIn
from app.schemas.base import Line
from app.schemas.operations.messages import MessageOut

router = APIRouter(prefix="/admin/mails", tags=["admin"], route_class=StrictRoute)

FIRST = "$response.body#/0/id"


@router.get(
    "",
    response_model=list[MessageOut],
    summary="Find mails",
    responses={
        200: {
            "links": {
                **link("show_mail", message_id=FIRST),
                **link("resend_mail", message_id=FIRST),
            },
        },
    },
)
def find_mails(
    caller: Admin,
    services: ServicesDep,
    paging: PagingDep,
    q: Annotated[
        Line | None,
        Query(
            min_length=1,
            max_length=LONGEST_WORDS,
            description="The whole address or user name of who got it, its number or its "
            "`Message-ID`.",
            examples=["ada@example.com"],
        ),
    ] = None,
    status: Annotated[OutboxStatus | None, Query(description="With this status.")] = None,
    kind: Annotated[OutboxKind | None, Query(description="Of this kind.")] = None,
) -> Response:
    """What was promised to people by mail, the newest first. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    page = services.messages.page(
        caller=caller,
        words=q,
        status=status,
        kind=kind,
        after=paging.after("-id"),
        limit=paging.limit,
    )
    return paging.answer(page.of(MessageOut.of))


@router.get(
    "/{message_id}",
    response_model=MessageOut,
    summary="Show a mail",
    responses=problems(MessageNotFound),
)
def show_mail(message_id: RowIdInPath, caller: Admin, services: ServicesDep) -> Response:
    """What became of it, and why not. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """
    return answer(MessageOut.of(services.messages.get(caller=caller, message_id=message_id)))


@router.post(
    "/{message_id}/resend",
    status_code=status.HTTP_202_ACCEPTED,
    response_model=MessageOut,
    summary="Resend a mail",
    responses=problems(MessageNotFound),
)
def resend_mail(
    message_id: RowIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """Makes it due now, whatever became of it. Admins only.

    Needed first: the role admin, as `python -m app.cli set-role NAME admin` gives it.
    """

    def resend() -> MessageOut:
        message = services.messages.send_again(
            caller=caller, message_id=message_id, reason=body.reason
        )
        return MessageOut.of(message)

    return call.run(resend)


@router.post(
    "/{message_id}/drop",
    response_model=MessageOut,
    summary="Drop a mail that was given up",
    responses=problems(MessageNotFound, MessageNotDead),
)
def drop_mail(
    message_id: RowIdInPath,
    body: ReasonIn,
    caller: Admin,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """It is not needed any more, and leaves the list of what needs a person. Admins only.

    Needed first: a mail that is `dead`.
    """

    def drop() -> MessageOut:
        message = services.messages.drop(caller=caller, message_id=message_id, reason=body.reason)
        return MessageOut.of(message)

    return call.run(drop)
