from fastapi import APIRouter, Response

from app.domain.errors import EventNotFound, OrderNotFound, TooManyNotes
from app.http.answers import IdempotentCallDep, answer
from app.http.callers import OrderViewer
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath, OrderIdInPath
from app.http.strict_route import StrictRoute
from app.schemas.orders.notes import OrderNoteCreate, OrderNoteOut

router = APIRouter(
    prefix="/events/{event_id}/orders/{order_id}/notes", tags=["orders"], route_class=StrictRoute
)


@router.get(
    "",
    response_model=list[OrderNoteOut],
    summary="List an order's notes",
    responses=problems(EventNotFound, OrderNotFound),
)
def list_order_notes(
    event_id: EventIdInPath, order_id: OrderIdInPath, organizer: OrderViewer, services: ServicesDep
) -> Response:
    """All of them, the oldest first. For members who may see orders (and admins), never buyers.

    Needed first: an order of the event.
    """
    notes = services.event_orders.notes(event_id=event_id, organizer=organizer, order_id=order_id)
    return answer([OrderNoteOut.of(each) for each in notes])


@router.post(
    "",
    response_model=OrderNoteOut,
    status_code=201,
    summary="Write a note on an order",
    responses=problems(EventNotFound, OrderNotFound, TooManyNotes),
)
def write_order_note(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    body: OrderNoteCreate,
    organizer: OrderViewer,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """For the other members. Notes are only added; each names its author and the moment.

    Needed first: an order of the event.
    """
    return call.run(
        lambda: OrderNoteOut.of(
            services.event_orders.add_note(
                event_id=event_id, organizer=organizer, order_id=order_id, text=body.text
            )
        )
    )
