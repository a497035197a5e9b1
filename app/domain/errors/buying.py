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
    """Fewer places are left than were asked for."""

    def __init__(self, event_id: int, requested: int, ticket_type_id: int | None = None) -> None:
        super().__init__(
            f"Fewer than {requested} places are left." if requested > 1 else "No place is left.",
            event_id=event_id,
            requested=requested,
        )
        if ticket_type_id is not None:
            self.facts["ticket_type_id"] = ticket_type_id


class QuantityNotAllowed(Invalid):
    """This type of ticket is sold in other quantities."""

    def __init__(self, ticket_type_id: int, fewest: int, most: int) -> None:
        super().__init__(
            f"An order may hold {fewest} to {most} tickets of this type.",
            ticket_type_id=ticket_type_id,
            errors=[
                {"pointer": "/items", "detail": f"needs a quantity between {fewest} and {most}"}
            ],
        )


class BuyerLimitReached(Conflict):
    """One buyer may not have that many places of this event."""

    def __init__(self, event_id: int, most: int) -> None:
        super().__init__(
            f"A buyer may have at most {most} places of this event, unpaid orders included.",
            event_id=event_id,
            most=most,
        )


class TooManyUnpaidPlaces(Conflict):
    """One buyer holds too many places of this event unpaid."""

    def __init__(self, event_id: int, most_orders: int, most_places: int) -> None:
        super().__init__(
            f"A buyer may hold at most {most_places} places of this event unpaid, in at most "
            f"{most_orders} orders. Pay or cancel an order first; GET /orders lists yours.",
            event_id=event_id,
            most_orders=most_orders,
            most_places=most_places,
        )


class TooManyLapsedHolds(TooMany):
    """Too many holds of this event ended unpaid; wait before the next one."""

    def __init__(self, event_id: int, retry_after: timedelta) -> None:
        super().__init__(
            "Your last orders of this event ended unpaid; wait before you place another one.",
            retry_after=retry_after,
            event_id=event_id,
        )


class OrderValueInvalid(Invalid):
    """The order's values do not fit together."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(
            f"The order's {field} {rule}.", errors=[{"pointer": f"/{field}", "detail": rule}]
        )


class OrderNotPending(Conflict):
    """The order waits for no payment any more."""

    def __init__(self, order_id: int, status: str) -> None:
        super().__init__(f"Order {order_id} is {status}.", order_id=order_id, order_status=status)


class NotSoldOut(Conflict):
    """There are places: order them instead of waiting."""

    def __init__(self, ticket_type_id: int) -> None:
        super().__init__(
            "There are places left; order them instead of waiting.", ticket_type_id=ticket_type_id
        )


class WaitingEntryNotFound(NotFound):
    """There is no such entry in a waiting list of yours."""

    def __init__(self, entry_id: int) -> None:
        super().__init__(f"You have no entry {entry_id} in a waiting list.", entry_id=entry_id)


class AlreadyWaiting(Conflict):
    """You are in this line already."""

    def __init__(self, entry_id: int) -> None:
        super().__init__("You are in this line already.", entry_id=entry_id)


class SalesClosed(Conflict):
    """The event is over or not on sale."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"Tickets for event {event_id} are not on sale now.", event_id=event_id)


class OrderNotFound(NotFound):
    """No order of yours has this id."""

    def __init__(self, order_id: int) -> None:
        super().__init__(f"You have no order {order_id}.", order_id=order_id)


class PaymentNotFound(NotFound):
    """No payment of yours has this reference."""

    def __init__(self, reference: str) -> None:
        super().__init__(f"You have no payment {reference}.", reference=reference)


class PaymentNotCompleted(PaymentIncomplete):
    """The payment has not been made yet, or its answer is not known yet; ask again."""

    def __init__(self, reference: str, authorization_url: str | None) -> None:
        super().__init__(
            "The payment is not completed yet. Pay at the authorization_url, or wait if you have "
            "paid already; then verify again.",
            reference=reference,
            authorization_url=authorization_url,
        )


class PaymentFailed(PaymentIncomplete):
    """The payment did not go through; nothing was sold for it."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment did not go through: {reason}", reference=reference, reason=reason
        )


class PaymentRefunded(Conflict):
    """The money came too late, twice, or was less than was asked for, and is being paid back."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment is being refunded: {reason}", reference=reference, reason=reason
        )


class ChargeRefused(Conflict):
    """The payment provider understood the charge and refused it."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment provider refused this charge: {reason}",
            reference=reference,
            reason=reason,
        )


class PaymentGatewayUnavailable(Unavailable):
    """The payment provider does not answer as it should; try again later."""

    def __init__(
        self,
        reference: str | None = None,
        *,
        order_id: int | None = None,
        retry_after: timedelta = timedelta(seconds=5),
    ) -> None:
        super().__init__(
            "Paystack cannot be reached right now. No money was taken by this call; try again."
            if order_id is None
            else "Paystack did not answer, and your places are kept. Call again with the same "
            f"Idempotency-Key, or pay order {order_id} with `POST /orders/{order_id}/pay`.",
            retry_after=retry_after,
            reference=reference,
        )
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
    """Paystack is not being called for now: it failed too often, or is being called too often.

    Unlike its parent it says for certain that this call never left the house.
    """


class PriceNotPayable(Invalid):
    """The payment provider does not charge such a price in this currency."""

    def __init__(self, price: str, rule: str, *, field: str) -> None:
        super().__init__(
            f"Paystack does not charge {price} for a ticket: a price {rule}.",
            price=price,
            errors=[{"pointer": f"/{field}", "detail": f"a price {rule}"}],
        )


class WebhookRejected(Unauthenticated):
    """The webhook does not carry Paystack's signature of its body."""

    def __init__(self) -> None:
        super().__init__("The header x-paystack-signature does not match the body.")


class WebhookUnreadable(BadRequest):
    """The webhook is signed, but it is no event of Paystack's."""

    def __init__(self) -> None:
        super().__init__("A webhook is a JSON object with `event` and `data`.")
