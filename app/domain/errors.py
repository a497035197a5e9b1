"""Refusals: every way the shop says no.

The kind (the class right below ``TicketingError``) sets the status on the wire, the class's own
name is its public code (``SoldOut`` is ``sold-out``), and the facts are for programs. A refusal's
first docstring line is its title in API answers. The domain knows nothing of HTTP.
"""

import re
from datetime import datetime, timedelta
from typing import ClassVar, TypeAlias

from app.domain.money import Money

Fact: TypeAlias = str | int | bool | datetime | list[dict[str, str]] | dict[str, str | int] | None


class TicketingError(Exception):
    """Something the shop refuses, and why."""

    code: ClassVar[str]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", cls.__name__).lower()

    def __init__(self, detail: str, **facts: Fact) -> None:
        super().__init__(detail)
        self.detail = detail
        self.facts = facts


class BadRequest(TicketingError):
    """The request cannot be read."""


class Unauthenticated(TicketingError):
    """Nobody has proved who is asking."""


class PaymentIncomplete(TicketingError):
    """The money has not arrived."""


class Forbidden(TicketingError):
    """The caller is known, and may not do this."""


class NotFound(TicketingError):
    """There is no such thing, or it is not the caller's."""


class Conflict(TicketingError):
    """The request is fine, the state of things does not allow it."""


class Invalid(TicketingError):
    """A value breaks a rule; ``errors`` lists each field and its rule."""


class TooMany(TicketingError):
    """Too many attempts in too short a time.

    Args:
        detail: the sentence a person reads.
        retry_after: when to come back.
    """

    def __init__(self, detail: str, *, retry_after: timedelta, **facts: Fact) -> None:
        super().__init__(detail, **facts)
        self.retry_after = retry_after


class Unavailable(TicketingError):
    """Something the shop depends on fails for now; asking again later is right.

    Args:
        detail: the sentence a person reads.
        retry_after: when to come back.
    """

    def __init__(
        self, detail: str, *, retry_after: timedelta = timedelta(seconds=5), **facts: Fact
    ) -> None:
        super().__init__(detail, **facts)
        self.retry_after = retry_after


# --- Users and sessions ------------------------------------------------------------------------


class EmailTaken(Conflict):
    """Another account uses this e-mail address."""

    def __init__(self) -> None:
        super().__init__("An account with this e-mail address exists already.", field="email")


class UsernameTaken(Conflict):
    """Another account uses this user name."""

    def __init__(self) -> None:
        super().__init__("This user name is taken; choose another.", field="username")


class WrongCredentials(Unauthenticated):
    """User name, e-mail or password is wrong."""

    def __init__(self) -> None:
        super().__init__("The user name, e-mail address or password is wrong.")


class NotLoggedIn(Unauthenticated):
    """This needs a valid access token."""

    def __init__(self) -> None:
        super().__init__(
            "Send an access token from POST /token in the header `Authorization: Bearer …`."
        )


class RefreshTokenInvalid(Unauthenticated):
    """The refresh token is unknown, used or ended; log in again."""

    def __init__(self) -> None:
        super().__init__(
            "This refresh token is unknown, was used before or has ended; log in again."
        )


class TooManyLogins(TooMany):
    """Too many wrong passwords for this account; wait and try again."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(
            "Too many attempts to log in to this account; wait before the next one.",
            retry_after=retry_after,
        )


class PasswordTooCommon(Invalid):
    """This password is on every guesser's list."""

    def __init__(self, field: str = "password") -> None:
        super().__init__(
            "Choose a password that is not on the list of common ones.",
            errors=[{"pointer": f"/{field}", "detail": "is one of the most common passwords"}],
        )


class WrongPassword(Forbidden):
    """The current password is not this one."""

    def __init__(self) -> None:
        super().__init__("The current password is not this one.", field="current_password")


class RoleMissing(Forbidden):
    """The caller's role does not allow this."""

    def __init__(self, needed: str) -> None:
        super().__init__(f"Only an account with the role {needed} may do this.", needed=needed)


# --- Events ------------------------------------------------------------------------------------


class EventNotFound(NotFound):
    """No event has this id."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"There is no event {event_id}.", event_id=event_id)


class EventInPast(Invalid):
    """An event has to lie ahead."""

    def __init__(self, field: str = "date") -> None:
        super().__init__(
            "The event's date lies in the past.",
            errors=[{"pointer": f"/{field}", "detail": "must lie in the future"}],
        )


class EventValueInvalid(Invalid):
    """The event's values do not fit together."""

    def __init__(self, field: str, rule: str) -> None:
        super().__init__(
            f"The event's {field} {rule}.", errors=[{"pointer": f"/{field}", "detail": rule}]
        )


class EventHasOrders(Conflict):
    """Somebody ordered a ticket: the event stays, and so does its currency."""

    def __init__(self, event_id: int) -> None:
        super().__init__(
            f"Event {event_id} has orders, so it cannot be deleted and keeps its currency.",
            event_id=event_id,
        )


class CapacityTooSmall(Conflict):
    """The capacity would fall below the places sold or held."""

    def __init__(self, taken: int) -> None:
        super().__init__(
            f"{taken} places are sold or held; the capacity cannot be smaller.", taken=taken
        )


# --- Buying ------------------------------------------------------------------------------------


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


# --- Tickets -----------------------------------------------------------------------------------


class TicketNotFound(NotFound):
    """No ticket of yours has this id."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"You have no ticket {ticket_id}.", ticket_id=ticket_id)


class TicketPageNotFound(NotFound):
    """No ticket page has this address."""

    def __init__(self) -> None:
        super().__init__("There is no ticket at this address.")


# --- Mail --------------------------------------------------------------------------------------


class MailRejected(TicketingError):
    """The mail server refused this mail for good."""


class MailerUnavailable(TicketingError):
    """The mail server cannot take this mail now."""


# --- The machine itself ------------------------------------------------------------------------


class Busy(Unavailable):
    """Too much is going on at once; try again in a moment."""

    def __init__(self) -> None:
        super().__init__(
            "The server is busy; try again in a moment.", retry_after=timedelta(seconds=2)
        )


class DatabaseUnavailable(Unavailable):
    """The database does not answer; nothing was changed by this call as far as is known."""

    def __init__(self) -> None:
        super().__init__(
            "The database cannot be used right now; try again in a moment.",
            retry_after=timedelta(seconds=5),
        )
