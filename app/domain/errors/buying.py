"""Refusals about buying: places, payments, the provider."""

from datetime import timedelta

from app.domain.errors.kinds import (
    BadRequest,
    Conflict,
    Invalid,
    NotFound,
    PaymentIncomplete,
    Unauthenticated,
    Unavailable,
)
from app.domain.money import Money


class SoldOut(Conflict):
    """Fewer places are left than were asked for."""

    def __init__(self, event_id: int, requested: int) -> None:
        super().__init__(
            f"Fewer than {requested} places are left." if requested > 1 else "No place is left.",
            event_id=event_id,
            requested=requested,
        )


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
            "The payment is not completed yet. Pay at the authorization_url, then verify again.",
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
    """The money came too late or was not what was asked for, and is being paid back."""

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
        self, reference: str | None = None, *, retry_after: timedelta = timedelta(seconds=5)
    ) -> None:
        super().__init__(
            "Paystack cannot be reached right now. No money was taken by this call; try again.",
            retry_after=retry_after,
            reference=reference,
        )


class PaymentGatewayFenced(PaymentGatewayUnavailable):
    """Paystack is not being called for now: it failed too often, or is being called too often.

    Unlike its parent it says for certain that this call never left the house.
    """


class RefundRefused(Conflict):
    """The payment provider understood the refund and refused it."""

    def __init__(self, reference: str, reason: str) -> None:
        super().__init__(
            f"The payment provider refused this refund: {reason}",
            reference=reference,
            reason=reason,
        )


class PriceNotPayable(Invalid):
    """The price is outside what the payment provider charges in this currency."""

    def __init__(self, price: Money, minimum: Money) -> None:
        super().__init__(
            f"A price is either 0 or at least {minimum}, the smallest charge Paystack takes.",
            price=str(price),
            errors=[{"pointer": "/ticket_price", "detail": f"must be 0 or at least {minimum}"}],
        )


class WebhookRejected(Unauthenticated):
    """The webhook does not carry Paystack's signature of its body."""

    def __init__(self) -> None:
        super().__init__("The header x-paystack-signature does not match the body.")


class WebhookUnreadable(BadRequest):
    """The webhook is signed, but it is no event of Paystack's."""

    def __init__(self) -> None:
        super().__init__("A webhook is a JSON object with `event` and `data`.")
