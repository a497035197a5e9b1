"""How a refund of ours is recognized among those the provider lists."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.ids import RefundId
from app.domain.money import Money
from app.domain.ports import RefundReport, RefundStatus

EVENT_CANCELLED: Final = "the event was cancelled"
"""The reason of refunds that come from a cancellation."""
LONGEST_NOTE: Final = 1_000
"""Characters of a note that are looked at; ours begin with what names them."""

# What stands between the words may come back altered: blanks collapsed, signs replaced.
_OURS: Final = re.compile(
    r"\brefund[^a-z0-9]{1,9}([0-9]{1,19})[^a-z0-9]{1,9}of[^a-z0-9]{1,9}payment[^a-z0-9]{1,9}"
    r"([a-z0-9.=_-]{1,200}?)(?:[^a-z0-9.=_-]|\Z)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class RefundName:
    """What names a refund in the provider's books: our number, and the payment's reference."""

    refund_id: int
    reference: str


def note_of(refund_id: RefundId, *, reference: str, reason: str) -> str:
    """The note that travels with a refund: its name, and people's own words behind it."""
    return f"Refund {refund_id} of payment {reference}: {reason}"


def name_in(note: str) -> RefundName | None:
    """The refund a note names; ``None``: the note is not one of ours, or is altered too much."""
    found = _OURS.search(note[:LONGEST_NOTE])
    return None if found is None else RefundName(int(found[1]), found[2].lower())


def own_among(
    listed: Sequence[RefundReport],
    *,
    refund_id: RefundId,
    reference: str,
    amount: Money,
    was_sent: bool,
    others: Mapping[RefundId, str | None],
) -> RefundReport | None:
    """Which of the refunds the provider lists for a payment is this one of ours.

    The one that names it, of the same amount: people's words behind the name may be altered. If it
    was sent and no answer came, one of the same amount that names no other refund of ours counts as
    well: to pay too little can be mended, to pay twice cannot.

    One that failed is none: its money came back to us.

    Args:
        listed: the provider's refunds of the payment.
        refund_id: ours.
        reference: the payment's.
        amount: ours.
        was_sent: whether the provider was asked to make it before.
        others: our other refunds of the payment, each with the provider's id if that is known.
    """
    taken = set(others.values())
    names = {
        report.id: name_in(report.note)
        for report in listed
        if report.amount == amount
        and report.id not in taken
        and report.status != RefundStatus.FAILED
    }
    own = RefundName(refund_id, reference.lower())
    foreign = {RefundName(other_id, reference.lower()) for other_id in others}
    by_name = next((report for report in listed if names.get(report.id) == own), None)
    if by_name is not None or not was_sent:
        return by_name
    nameless = [
        report for report in listed if report.id in names and names[report.id] not in foreign
    ]
    return nameless[0] if nameless else None
