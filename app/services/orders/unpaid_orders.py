"""Finding the order that a buyer asks for once more."""

from datetime import datetime

from app.domain.ids import OrderId, UserId
from app.models.orders.orders import Order
from app.repositories.unit_of_work import UnitOfWork
from app.services.orders.order_requests import OrderRequest, requested_of


def find_unpaid(
    work: UnitOfWork, *, buyer_id: UserId, order_request: OrderRequest, now: datetime
) -> OrderId | None:
    """The buyer's newest unpaid order of the same request, if there is one.

    What the organizer changed since then changes nothing about that. Without one it is the newest
    of the same places, names and promo code, as an offer of the waiting list may be.

    Raises:
        EventNotFound: no event has this id; and all else ``requested_of`` refuses.
    """
    pending = work.orders.pending_of(order_request.event_id, buyer_id)
    if not pending:
        return None
    key = order_request.key
    asked_for = next((order.id for order in pending if order.request_key == key), None)
    if asked_for is not None:
        return asked_for
    types, schedule = work.ticket_types.on_offer(order_request.event_id)
    wanted = [
        (item.ticket_type_id, item.quantity, list(item.attendees))
        for _, item in requested_of(order_request, types, schedule=schedule, now=now)
    ]
    promo = (
        work.promo_codes.find(order_request.event_id, order_request.promo_code)
        if order_request.promo_code
        else None
    )
    if promo is None and order_request.promo_code is not None:
        return None
    promo_code_id = promo.id if promo else None
    same = (o.id for o in pending if _held(o) == wanted and o.promo_code_id == promo_code_id)
    return next(same, None)


def _held(order: Order) -> list[tuple[int, int, list[str]]]:
    return [(item.ticket_type_id, item.quantity, item.attendees) for item in order.items]
