"""What is read of the provider's messages: their event, the payment they name, and disputes.

All else in a message, such as cards and addresses of buyers, is neither needed nor kept.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.domain.errors import WebhookUnreadable
from app.domain.payments.payments import DisputeReport
from app.domain.text import one_line

DISPUTE: Final = "charge.dispute."
RESOLVED: Final = "charge.dispute.resolve"

_LONGEST_WORD: Final = 64
_LARGEST_NUMBER: Final = 2**63 - 1


@dataclass(frozen=True, slots=True)
class WebhookEvent:
    """A message of the provider's. ``reference`` is that of the payment, if it names one."""

    name: str
    reference: str | None
    dispute: DisputeReport | None = None


def read_event(body: bytes) -> WebhookEvent:
    """Read a message.

    Raises:
        WebhookUnreadable: it is no JSON in UTF-8, or has not the two members of an event.
    """
    try:
        message: Any = json.loads(body.decode())
        name, about = message["event"], message["data"]
        reference = about.get("reference") or about.get("transaction_reference")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise WebhookUnreadable from error
    if not isinstance(name, str) or not 0 < len(name) <= 100 or not name.isprintable():
        raise WebhookUnreadable
    if not name.startswith(DISPUTE):
        return WebhookEvent(name, _reference(reference))
    transaction = about.get("transaction")
    if isinstance(transaction, dict):
        reference = transaction.get("reference") or reference
    return WebhookEvent(name, _reference(reference), _dispute(name, about))


def _reference(value: object) -> str | None:
    # Control characters and lone surrogates, spelled as \u escapes, are no text a database keeps.
    is_reference = isinstance(value, str) and 0 < len(value) <= _LONGEST_WORD
    return str(value) if is_reference and str(value).isprintable() else None


def _dispute(name: str, about: Mapping[str, Any]) -> DisputeReport | None:
    number = about.get("id")
    if isinstance(number, bool) or not isinstance(number, int | str):
        return None
    provider_id = one_line(str(number)[:_LONGEST_WORD])
    if not provider_id:
        return None
    return DisputeReport(
        provider_id=provider_id,
        is_resolved=name == RESOLVED,
        status=_word(about.get("status")),
        category=_word(about.get("category")),
        resolution=_word(about.get("resolution")),
        amount_minor=_amount(about.get("refund_amount")),
        due_at=_moment(about.get("dueAt") or about.get("due_at")),
    )


def _word(value: object) -> str | None:
    return (one_line(value[:_LONGEST_WORD]) or None) if isinstance(value, str) else None


def _amount(value: object) -> int | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    return int(str(value)) if is_whole and 0 <= int(str(value)) <= _LARGEST_NUMBER else None


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
