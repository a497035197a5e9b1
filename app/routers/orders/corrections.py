from fastapi import APIRouter, Response

from app.domain.errors import (
    AccountDisabled,
    BuyerKeepsAddress,
    EventNotFound,
    OrderNotFound,
    OrderNotPaid,
    OrderValueInvalid,
    TicketNotFound,
    TicketOutOfUse,
    TooManyMails,
    TooManyNotes,
)
from app.domain.ids import EventId, OrderId
from app.http.answers import IdempotentCallDep
from app.http.callers import HolderSupport
from app.http.dependencies import ServicesDep
from app.http.openapi.responses import problems
from app.http.path_ids import EventIdInPath, OrderIdInPath, TicketIdInPath
from app.http.services import Services
from app.http.strict_route import StrictRoute
from app.models.users.users import User
from app.schemas.orders.corrections import AttendeeCorrection, BuyerCorrection
from app.schemas.orders.event_orders import EventOrderDetailOut

router = APIRouter(
    prefix="/events/{event_id}/orders/{order_id}", tags=["orders"], route_class=StrictRoute
)


@router.patch(
    "/buyer",
    response_model=EventOrderDetailOut,
    summary="Correct a guest's mistyped address",
    responses=problems(
        EventNotFound,
        OrderNotFound,
        OrderNotPaid,
        OrderValueInvalid,
        BuyerKeepsAddress,
        AccountDisabled,
        TooManyMails,
        TooManyNotes,
    ),
)
def correct_buyer(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    body: BuyerCorrection,
    organizer: HolderSupport,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The new address gets the tickets, with new codes; what was sent to the old one ends.

    Only for orders placed without an account, as long as no link that was mailed to the address has
    been used. The old address is told, and the order notes it.

    Needed first: a paid order of a guest.
    """

    def correct() -> EventOrderDetailOut:
        services.corrections.move_to_address(
            event_id=event_id, organizer=organizer, order_id=order_id, email=body.email
        )
        return _shown(services, event_id, organizer, order_id)

    return call.run(correct)


@router.patch(
    "/tickets/{ticket_id}",
    response_model=EventOrderDetailOut,
    summary="Correct the name on a ticket",
    responses=problems(EventNotFound, OrderNotFound, TicketNotFound, TicketOutOfUse, TooManyNotes),
)
def correct_attendee(
    event_id: EventIdInPath,
    order_id: OrderIdInPath,
    ticket_id: TicketIdInPath,
    body: AttendeeCorrection,
    organizer: HolderSupport,
    services: ServicesDep,
    call: IdempotentCallDep,
) -> Response:
    """The ticket's codes stay; its page, picture and PDF show the new name. The order notes it.

    Needed first: a ticket of an order of the event.
    """

    def correct() -> EventOrderDetailOut:
        services.corrections.rename_attendee(
            event_id=event_id,
            organizer=organizer,
            order_id=order_id,
            ticket_id=ticket_id,
            name=body.attendee_name,
        )
        return _shown(services, event_id, organizer, order_id)

    return call.run(correct)


def _shown(
    services: Services, event_id: EventId, organizer: User, order_id: OrderId
) -> EventOrderDetailOut:
    found = services.event_orders.show(event_id=event_id, organizer=organizer, order_id=order_id)
    return EventOrderDetailOut.of_event(found)
