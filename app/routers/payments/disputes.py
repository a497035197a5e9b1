from typing import Annotated

from fastapi import APIRouter, Query, Response

from app.domain.errors import EventNotFound
from app.domain.ids import MAX_ID, EventId
from app.domain.paging import NEWEST_FIRST
from app.http.answers import PagingDep
from app.http.callers import MoneyViewer
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.strict_route import StrictRoute
from app.schemas.payments.disputes import DisputeOut

router = APIRouter(prefix="/disputes", tags=["payments"], route_class=StrictRoute)


@router.get(
    "/",
    response_model=list[DisputeOut],
    summary="List disputes",
    responses=problems(EventNotFound),
)
def list_disputes(
    caller: MoneyViewer,
    services: ServicesDep,
    paging: PagingDep,
    event_id: Annotated[
        EventId | None, Query(ge=1, le=MAX_ID, description="About this event only.")
    ] = None,
) -> Response:
    """Payments whose buyer's bank wants the money back, the newest first.

    Organizers see those of their own events, admins all. The tickets stay valid: refund or revoke
    them if you give in, and answer on Paystack's dashboard until `due_at`.
    """
    page = services.refund_desk.disputes(
        caller=caller, event_id=event_id, after=paging.after(NEWEST_FIRST), limit=paging.limit
    )
    return paging.answer(page.of(DisputeOut.of))
