"""What admins do as admins, as the log of it knows it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from app.domain.ids import UserId

LONGEST_WORDS: Final = 100
"""Characters that admins search for at most."""
LONGEST_REASON: Final = 200


class AdminActionKind(StrEnum):
    """What an admin did."""

    SEARCHED = "searched"
    SHOWN = "shown"
    """Looked at all that is known about the subject."""
    ORGANIZER_OPERATION = "organizer-operation"
    """Called an operation of an event or an organization as an admin; ``detail`` names it."""
    ACCOUNT_DISABLED = "account-disabled"
    ACCOUNT_ENABLED = "account-enabled"
    ACCOUNT_DELETED = "account-deleted"
    ROLE_CHANGED = "role-changed"
    LOGGED_OUT = "logged-out"
    TWO_STEP_RESET = "two-step-reset"
    MAIL_RESENT = "mail-resent"
    MAIL_DROPPED = "mail-dropped"
    REFUNDED = "refunded"
    REFUND_RETRIED = "refund-retried"
    REFUND_DONE = "refund-done"
    TICKET_REISSUED = "ticket-reissued"
    TICKET_REVOKED = "ticket-revoked"
    CHECK_IN_UNDONE = "check-in-undone"
    HOLD_RELEASED = "hold-released"
    PAYMENT_CHECKED = "payment-checked"
    DISPUTE_CLOSED = "dispute-closed"


class AdminSubject(StrEnum):
    """What an admin's action was about."""

    ACCOUNT = "account"
    ORDER = "order"
    PAYMENT = "payment"
    TICKET = "ticket"
    MAIL = "mail"
    REFUND = "refund"
    DISPUTE = "dispute"
    EVENT = "event"
    ORGANIZATION = "organization"


@dataclass(frozen=True, slots=True)
class About:
    """The row that an admin's action is about, and the account whose data it is."""

    subject: AdminSubject | None = None
    subject_id: int | None = None
    account_id: UserId | None = None

    @classmethod
    def account(cls, user_id: UserId) -> Self:
        return cls(AdminSubject.ACCOUNT, user_id, user_id)


NOTHING: Final = About()
