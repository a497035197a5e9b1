"""The states a sale goes through, and which may follow which."""

from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """What an account may do. Each may do what those before it may."""

    BUYER = "buyer"
    ORGANIZER = "organizer"
    ADMIN = "admin"


class OrderStatus(StrEnum):
    """How an order stands."""

    PENDING = "pending"
    """Places are held and wait for the money."""
    PAID = "paid"
    """The places are sold and the tickets issued."""
    EXPIRED = "expired"
    """The hold ended unpaid; the places went back on sale."""
    CANCELLED = "cancelled"
    """Given up before it was paid; the places went back on sale."""
    REFUNDED = "refunded"
    """It was paid, and every ticket of it was paid back."""


class OrderKind(StrEnum):
    """How an order came about."""

    ONLINE = "online"
    """Its buyer placed it."""
    COMPLIMENTARY = "complimentary"
    """The organizer gave the tickets away."""
    CASH = "cash"
    """The organizer sold the tickets and took the money, past Paystack."""


LEGAL_MOVES: Final[dict[OrderStatus | None, frozenset[OrderStatus]]] = {
    None: frozenset({OrderStatus.PENDING}),
    OrderStatus.PENDING: frozenset({OrderStatus.PAID, OrderStatus.EXPIRED, OrderStatus.CANCELLED}),
    # The money arrived late, and there were places left.
    OrderStatus.EXPIRED: frozenset({OrderStatus.PAID}),
    OrderStatus.PAID: frozenset({OrderStatus.REFUNDED}),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.REFUNDED: frozenset(),
}
"""Which status may follow which; ``None`` is before the order was placed."""


class PaymentStatus(StrEnum):
    """How one attempt to pay an order stands."""

    STARTING = "starting"
    """Our reference is stored; whether the provider knows it is not known yet."""
    OPEN = "open"
    """The provider has a page where the buyer can pay."""
    FAILED = "failed"
    """Declined or refused. The provider may still turn it into a success: a buyer can try again."""
    SUCCEEDED = "succeeded"
    """Paid what was asked or more, and counted for the order."""
    RETURNED = "returned"
    """Paid, but of no use (too late, twice, too little): a refund is recorded with it."""


SETTLED_PAYMENTS: Final = (PaymentStatus.SUCCEEDED, PaymentStatus.RETURNED)
UNSETTLED_PAYMENTS: Final = (PaymentStatus.STARTING, PaymentStatus.OPEN, PaymentStatus.FAILED)
"""Final: nothing the provider says later changes them."""


class TicketStatus(StrEnum):
    """Whether a ticket opens the door."""

    VALID = "valid"
    VOID = "void"


class RefundState(StrEnum):
    """How money on its way back stands."""

    REQUESTED = "requested"
    """Recorded by us; the provider may not know of it yet."""
    PENDING = "pending"
    """The provider has it."""
    PROCESSED = "processed"
    """The money is back."""
    NEEDS_ATTENTION = "needs-attention"
    """The provider wants the buyer's bank details."""
    FAILED = "failed"
    """The provider could not pay it back; a person has to decide."""
    TO_HAND_BACK = "to-hand-back"
    """It was paid in cash: a person hands the money back."""


STUCK_REFUNDS: Final = (RefundState.FAILED, RefundState.NEEDS_ATTENTION)
"""They want a person."""

CLOSED_BY_PEOPLE: Final = (*STUCK_REFUNDS, RefundState.TO_HAND_BACK)
"""They are done once a person says that the money went back."""


class DiscountKind(StrEnum):
    """How a promo code makes tickets cheaper."""

    PERCENT = "percent"
    FIXED = "fixed"


class WaitingState(StrEnum):
    """The states of an entry of a waiting list."""

    UNCONFIRMED = "unconfirmed"
    """A guest asked for it and did not use the link in the mail yet: it counts for nothing."""
    WAITING = "waiting"
    OFFERED = "offered"
    """Places are held for them for a while, in an order of theirs."""
    BOUGHT = "bought"
    LAPSED = "lapsed"
    """The offer was not taken in time."""
    LEFT = "left"
    ENDED = "ended"
    """It could not be served any more, or the organizer ended it."""


class OutboxStatus(StrEnum):
    """How a promised message stands."""

    DUE = "due"
    SENT = "sent"
    DEAD = "dead"
    """Given up: it was refused for good, or too often."""
    DROPPED = "dropped"
    """When its turn came, there was nothing left to tell."""


class OutboxKind(StrEnum):
    """What a promised message is about."""

    TICKETS_ISSUED = "tickets-issued"
    PAYMENT_RETURNED = "payment-returned"
    TICKETS_REFUNDED = "tickets-refunded"
    MONEY_REFUNDED = "money-refunded"
    REFUND_STUCK = "refund-stuck"
    REFUND_DELAYED = "refund-delayed"
    PAYMENT_DISPUTED = "payment-disputed"
    ORDER_MOVED = "order-moved"
    PLACES_OFFERED = "places-offered"
    WAIT_ASKED = "wait-asked"
    WAIT_ENDED = "wait-ended"
    PAYMENT_FAILED = "payment-failed"
    TICKET_REISSUED = "ticket-reissued"
    TRANSFER_OFFERED = "transfer-offered"
    TRANSFER_ACCEPTED = "transfer-accepted"
    EVENT_CHANGED = "event-changed"
    EVENT_CANCELLED = "event-cancelled"
    EVENT_REMINDER = "event-reminder"
    EVENT_MESSAGE = "event-message"
    PASSWORD_RESET = "password-reset"  # noqa: S105  (the name of a mail)
    EMAIL_CONFIRMATION = "email-confirmation"
    EMAIL_CHANGE_ASKED = "email-change-asked"
    SIGN_IN_LINK = "sign-in-link"
    TWO_STEP_ON = "two-step-on"
    TWO_STEP_OFF = "two-step-off"
    ORGANIZATION_INVITATION = "organization-invitation"
    EXPORT_DONE = "export-done"


class TransferState(StrEnum):
    """The states of the offer of a ticket to another person."""

    OFFERED = "offered"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    """Taken back by the giver, or ended by a refund, a re-issue or a revocation."""
    EXPIRED = "expired"


class AnnouncementKind(StrEnum):
    """What everybody who holds tickets of an event is told."""

    CHANGED = "changed"
    CANCELLED = "cancelled"
    REMINDER = "reminder"
    MESSAGE = "message"
    """What their organizer wrote."""


class AccountRequestKind(StrEnum):
    """What the secret link in a mail lets the owner of an account do, once."""

    RESET = "reset"
    """Set a new password without the old one."""
    SIGN_IN = "sign-in"
    """Sign in without a password."""
    CONFIRM = "confirm"
    """Prove that mail to the address is read by its owner."""
    CHANGE = "change"
    """Give the account this address."""
    UNDO_CHANGE = "undo-change"
    """Give the account its old address back."""
