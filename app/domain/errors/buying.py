"""Refusals about buying: places, payments, the provider."""

from datetime import timedelta
from typing import Self

from app.domain.errors.kinds import (
    BadRequest,
    Conflict,
    Invalid,
    NotFound,
    PaymentIncomplete,
    TooMany,
    Unauthenticated,
    Unavailable,
)


class SoldOut(Conflict):
    title = "Fewer places are left than requested."

    def __init__(self, event_id: int, requested: int, ticket_type_id: int | None = None) -> None:
        super().__init__(
            f"Fewer than {requested} places are left." if requested > 1 else "No place is left.",
            event_id=event_id,
            requested=requested,
        )
        if ticket_type_id is not None:
            self.facts["ticket_type_id"] = ticket_type_id


class QuantityNotAllowed(Invalid):
    title = "The quantity is outside the ticket type's limits."

    def __init__(self, ticket_type_id: int, fewest: int, most: int) -> None:
        super().__init__(
            f"Quantity is outside this ticket type's limits ({fewest} to {most}).",
            ticket_type_id=ticket_type_id,
            errors=[
                {"pointer": "/items", "detail": f"needs a quantity between {fewest} and {most}"}
            ],
        )


class BuyerLimitReached(Conflict):
    title = "The limit of places for one buyer of this event is reached."

    def __init__(self, event_id: int, most: int) -> None:
        super().__init__(
            f"A buyer may have at most {most} places of this event, unpaid orders included.",
            event_id=event_id,
            most=most,
        )


class TooManyUnpaidPlaces(Conflict):
    title = "The limit of unpaid places for one buyer of this event is reached."

    def __init__(self, event_id: int, most_orders: int, most_places: int) -> None:
        super().__init__(
            f"A buyer may hold at most {most_places} places of this event unpaid, in at most "
            f"{most_orders} orders. Pay or cancel an order first; GET /orders lists yours.",
            event_id=event_id,
            most_orders=most_orders,
            most_places=most_places,
        )


class TooManyLapsedHolds(TooMany):
    title = "Too many holds of this event expired unpaid. Wait before the next one."
    sentence = "Your last orders of this event ended unpaid; wait before you place another one."

    def __init__(self, event_id: int, retry_after: timedelta) -> None:
        super().__init__(retry_after, event_id=event_id)


class TooManyCheckouts(TooMany):
    title = "Too many orders were placed without a login from this network. Wait and try again."
    sentence = (
        "Too many orders were placed without a login from your network; wait before the next one, "
        "or log in."
    )


class OrderValueInvalid(Invalid):
    title = "The order's values do not fit together."

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(
            f"The order's {field} {rule}.", errors=[{"pointer": f"/{field}", "detail": rule}]
        )


class OrderNotPending(Conflict):
    title = "The order is not pending."

    def __init__(self, order_id: int, status: str) -> None:
        super().__init__(
            f"The order is not pending; it is {status}.", order_id=order_id, order_status=status
        )


class TooManyNotes(Conflict):
    title = "The order has as many notes as it may have."

    def __init__(self, order_id: int, most: int) -> None:
        super().__init__(
            f"Order {order_id} has {most} notes, the most an order may have.",
            order_id=order_id,
            most=most,
        )


class NotSoldOut(Conflict):
    title = "Places are left. Order them instead of waiting."

    def __init__(self, ticket_type_id: int) -> None:
        super().__init__(
            "There are places left; order them instead of waiting.", ticket_type_id=ticket_type_id
        )


class WaitingEntryNotFound(NotFound):
    title = "No entry of a waiting list of yours has this id."

    def __init__(self, entry_id: int) -> None:
        super().__init__(f"You have no entry {entry_id} in a waiting list.", entry_id=entry_id)


class AlreadyWaiting(Conflict):
    title = "You are already on this waiting list."

    def __init__(self, entry_id: int) -> None:
        super().__init__("You are already on this waiting list.", entry_id=entry_id)


class SalesClosed(Conflict):
    title = "The event is over or not on sale."

    def __init__(self, event_id: int) -> None:
        super().__init__(f"Tickets for event {event_id} are not on sale now.", event_id=event_id)


class SalesPaused(Conflict):
    title = "The organizer has paused the event's sales."

    def __init__(self, event_id: int) -> None:
        super().__init__(
            f"Sales for event {event_id} are paused. Orders placed before can still be paid; try "
            "again later for new ones.",
            event_id=event_id,
        )


class OrderNotFound(NotFound):
    title = "No order of yours has this id."

    def __init__(self, order_id: int) -> None:
        super().__init__(f"You have no order {order_id}.", order_id=order_id)


class PaymentNotFound(NotFound):
    title = "No payment of yours has this reference."

    def __init__(self, reference: str) -> None:
        super().__init__(f"You have no payment {reference}.", reference=reference)


class PaymentNotCompleted(PaymentIncomplete):
    title = "The payment is not completed, or its result is not known yet. Ask again."

    def __init__(self, reference: str, authorization_url: str | None) -> None:
        super().__init__(
            "The payment is not completed yet. Pay at the authorization_url, or wait if you have "
            "paid already; then verify again.",
            reference=reference,
            authorization_url=authorization_url,
        )


class PaymentFailed(PaymentIncomplete):
    title = "The payment failed; nothing was sold for it."

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment did not go through: {reason}", reference=reference, reason=reason
        )


class PaymentRefunded(Conflict):
    title = "The payment came too late, twice, or was too small, and is being refunded."

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment is being refunded: {reason}", reference=reference, reason=reason
        )


class ChargeRefused(Conflict):
    title = "The payment provider refused the charge."

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment provider refused this charge: {reason}",
            reference=reference,
            reason=reason,
        )


class PaymentGatewayUnavailable(Unavailable):
    title = "The payment provider does not answer."

    def __init__(
        self,
        reference: str | None = None,
        *,
        order_id: int | None = None,
        retry_after: timedelta = Unavailable.retry_after,
    ) -> None:
        super().__init__(
            "Paystack cannot be reached right now. No money was taken by this call; try again."
            if order_id is None
            else "Paystack did not answer, and your places are kept. Call again with the same "
            f"Idempotency-Key, or pay order {order_id} with `POST /orders/{order_id}/pay`.",
            reference=reference,
        )
        self.retry_after = retry_after
        if order_id is not None:
            self.facts["order_id"] = order_id

    def about(self, order_id: int) -> Self:
        """The same, while the places of this order are kept: it says how to go on."""
        reference = self.facts.get("reference")
        return type(self)(
            reference if isinstance(reference, str) else None,
            order_id=order_id,
            retry_after=self.retry_after,
        )


class PaymentGatewayFenced(PaymentGatewayUnavailable):
    """Unlike its parent it says for certain that this call never left the house."""

    title = "Calls to Paystack are paused: it failed too often, or too many calls are in flight."


class PriceNotPayable(Invalid):
    title = "The payment provider does not take this price in this currency."

    def __init__(self, price: str, rule: str, *, field: str) -> None:
        super().__init__(
            f"Paystack does not charge {price} for a ticket: a price {rule}.",
            price=price,
            errors=[{"pointer": f"/{field}", "detail": f"a price {rule}"}],
        )


class WebhookRejected(Unauthenticated):
    title = "The webhook does not carry Paystack's signature of its body."
    sentence = "The header x-paystack-signature does not match the body."


class WebhookUnreadable(BadRequest):
    title = "The webhook is signed, but is not an event of Paystack's."
    sentence = "A webhook is a JSON object with `event` and `data`."
