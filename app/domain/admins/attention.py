"""What needs a person: it has failed, or has waited too long."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from app.domain.ids import EventId, OrderId
from app.domain.languages import marked


class AttentionKind(StrEnum):
    """What needs a person."""

    REFUND = "refund"
    """Paystack could not make it, or wants the buyer's bank details."""
    MAIL = "mail"
    """Given up: refused for good, or too often."""
    DISPUTE = "dispute"
    """Waits for an answer to the buyer's bank."""
    LOST_DISPUTE = "lost-dispute"
    """The bank took the money back; the tickets are still valid."""
    PAYMENT = "payment"
    """Paystack has not told for long whether it was made; its places are held."""
    JOB = "job"
    """An item of a background job that fails again and again."""


UNKNOWN_AFTER: Final = timedelta(hours=1)
"""A payment is known sooner, but while Paystack does not answer."""
KEPT_A_MOMENT: Final = timedelta(minutes=1)
"""More than the hold of such a payment is prolonged by, again and again."""
LOST_FOR: Final = timedelta(days=90)
"""How long a lost dispute is listed if it is not closed."""
FAILED_TRIES: Final = 3
"""From so many failures on an item of a job needs a person; each is later than the one before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttentionItem:
    """One thing that needs a person, ``since`` when, and what is told about it.

    ``place`` orders those of one moment. ``detail`` is the state of a refund, the kind of a mail,
    the name of a job. ``told`` is what Paystack, the mail server or the program said.
    """

    kind: AttentionKind
    id: int
    since: datetime
    place: int
    event_id: EventId | None
    order_id: OrderId | None
    reference: str | None
    detail: str | None
    told: str | None


@dataclass(frozen=True, slots=True)
class Remedy:
    """What to do about an item, and the operations that do it, as ``POST /refunds/7/retry``."""

    to_do: str
    operations: tuple[str, ...]


_TO_DO: Final = {
    AttentionKind.REFUND: marked(
        "Failed: fill up the balance at Paystack and retry. Needs attention: "
        "enter the buyer's bank details on Paystack's dashboard. If the money went back by other "
        "means, mark it as done."
    ),
    AttentionKind.MAIL: marked(
        "Read why it was refused. Correct the address or the mail server, and "
        "resend it; or drop it if it is not needed any more."
    ),
    AttentionKind.DISPUTE: marked(
        "Answer it on Paystack's dashboard in time. It leaves this list once "
        "Paystack tells that it is resolved."
    ),
    AttentionKind.LOST_DISPUTE: marked(
        "Revoke the order's tickets if they must not be used, and close the dispute."
    ),
    AttentionKind.PAYMENT: marked(
        "Look for the reference on Paystack's dashboard, and check the payment "
        "again: its places are held until Paystack answers."
    ),
    AttentionKind.JOB: marked(
        "Look for its number in the log of the server: it says what fails. It is "
        "tried again automatically, each time later, at most an hour."
    ),
}
_OPERATIONS: Final = {
    AttentionKind.REFUND: ("/admin/refunds/{}/retry", "/admin/refunds/{}/done"),
    AttentionKind.MAIL: ("/admin/mails/{}/resend", "/admin/mails/{}/drop"),
    AttentionKind.LOST_DISPUTE: ("/admin/disputes/{}/close",),
    AttentionKind.PAYMENT: ("/admin/payments/{}/check",),
}


def remedy_for(kind: AttentionKind, row_id: int) -> Remedy:
    """What to do about something that needs a person."""
    operations = tuple(f"POST {path.format(row_id)}" for path in _OPERATIONS.get(kind, ()))
    return Remedy(_TO_DO[kind], operations)
