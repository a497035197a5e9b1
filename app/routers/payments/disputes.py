from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.domain.errors import (
    EventNotFound,
    OrganizationRoleMissing,
)
from app.domain.ids import MAX_ID, EventId
from app.domain.paging import NEWEST_FIRST, Cursor, CursorInvalid
from app.http.answers import page_of
from app.http.dependencies import (
    LINK_HEADER,
    CurrentUser,
    CursorText,
    Limit,
    ServicesDep,
)
from app.http.problems import problems
from app.http.strict_route import StrictRoute
from app.schemas.payments.disputes import DisputeOut

router = APIRouter(prefix="/disputes", tags=["payments"], route_class=StrictRoute)


@router.get(
    "/",
    response_model=list[DisputeOut],
    summary="List disputes",
    responses={
        200: {"headers": LINK_HEADER},
        **problems(EventNotFound, OrganizationRoleMissing, CursorInvalid),
    },
)
def list_disputes(
    caller: CurrentUser,
    services: ServicesDep,
    request: Request,
    event_id: Annotated[
        EventId | None, Query(ge=1, le=MAX_ID, description="About this event only.")
    ] = None,
    limit: Limit = 20,
    cursor: CursorText = None,
) -> Response:
    """Payments whose buyer's bank wants the money back, the newest first.

    Organizers see those of their own events, admins all. The tickets stay valid: refund or revoke
    them if you give in, and answer on Paystack's dashboard until `due_at`.
    """
    after = Cursor.behind(cursor, sort=NEWEST_FIRST)
    page = services.disputes.page(caller=caller, event_id=event_id, after=after, limit=limit)
    return page_of(request, page.of(DisputeOut.of))
