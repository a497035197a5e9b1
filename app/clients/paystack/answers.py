"""Paystack's answers: envelope, rate limits, charges; fields are checked when they are read."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from app.domain.money import Money
from app.domain.ports import ChargeReport, ChargeStatus
from app.domain.text import one_line

UNKNOWN_REFERENCE: Final = "transaction_not_found"
"""The code of Paystack's answer about a reference it has never seen."""

REASON_LENGTH: Final = 200
"""Characters kept of a message of Paystack's."""

RATE_LIMIT_WINDOW: Final = timedelta(seconds=60)
"""What Paystack counts calls over: the pause when it does not say how long."""

SHORTEST_PAUSE: Final = 1.0
LONGEST_PAUSE: Final = 300.0
EPOCH_FROM: Final = 1_000_000_000.0
"""Above this a pause is not seconds from now but a moment in seconds since 1970."""

LONGEST_TEXT: Final = 2_000
"""Characters of a text we use; a longer one is no page, reference or status."""

LARGEST_NUMBER: Final = 2**63 - 1
"""The databases' numbers are signed and 64 bits wide."""

LARGEST_EXACT: Final = 2**53
"""Above this a number written with a decimal point is not exact."""

LARGEST_ID: Final = 2**64 - 1
"""Paystack's ids are unsigned and 64 bits wide; they are kept as text."""


CHARGE_STATUSES: Final[Mapping[str, ChargeStatus]] = {
    "success": ChargeStatus.PAID,
    "failed": ChargeStatus.FAILED,
    "reversed": ChargeStatus.REVERSED,
    "reversal-pending": ChargeStatus.REVERSED,
}
"""All others, new ones included, are open: they are asked about again."""


class OutOfShape(Exception):
    """The answer is not what Paystack documents."""


class ProviderDown(Exception):
    """Paystack, or something on the way to it, answered with a failure of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer. Without an envelope it does not come from Paystack's own code."""

    status_code: int
    envelope: Mapping[str, Any] | None
    pause: str | None = None
    """How long a rate limit lasts: ``Retry-After`` or, without one, Paystack's own header."""

    @property
    def is_done(self) -> bool:
        """The call worked; what became of the payment stands in the fields."""
        return (
            self.status_code in (200, 201)
            and self.envelope is not None
            and self.envelope["status"] is True
        )

    @property
    def is_refusal(self) -> bool:
        """Paystack understood the call and said no."""
        return 400 <= self.status_code < 500 and self.envelope is not None

    @property
    def knows_no_reference(self) -> bool:
        """It says so itself, with 400 or, as in its own description of the API, with 404.

        A 404 that says something else is about the account, or the address.
        """
        said_so = self.code == UNKNOWN_REFERENCE or self.message.casefold().startswith(
            "transaction reference not found"
        )
        return self.is_refusal and self.status_code in (400, 404) and said_so

    @property
    def message(self) -> str:
        return text_or_empty(self.envelope, "message")[:REASON_LENGTH]

    @property
    def code(self) -> str:
        return text_or_empty(self.envelope, "code")

    @property
    def fields(self) -> "Fields":
        """The one object the answer is about.

        Raises:
            OutOfShape: there is none.
        """
        return Fields(self.envelope["data"] if self.envelope and "data" in self.envelope else None)

    @property
    def rows(self) -> "list[Fields]":
        """The objects of a list.

        Raises:
            OutOfShape: it is no list of objects.
        """
        return [Fields(row) for row in self.unread_rows]

    @property
    def unread_rows(self) -> list[object]:
        """The rows of a list, whatever they are.

        Raises:
            OutOfShape: it is no list.
        """
        rows = self.envelope.get("data") if self.envelope else None
        if not isinstance(rows, list):
            raise OutOfShape("data is no list")
        return rows

    @property
    def page_count(self) -> int | None:
        meta = self.envelope.get("meta") if self.envelope else None
        return Fields(meta).whole_or_none("pageCount") if isinstance(meta, dict) else None


class Fields:
    """An object of an answer; reading a field checks its type."""

    __slots__ = ("_values",)

    def __init__(self, values: object) -> None:
        if not isinstance(values, dict):
            raise OutOfShape("an object is missing")
        self._values = values

    def text(self, name: str) -> str:
        value = self._values.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= LONGEST_TEXT:
            raise OutOfShape(f"{name} is no text")
        return one_line(value)

    def text_or_empty(self, name: str) -> str:
        return text_or_empty(self._values, name)

    def whole(self, name: str, *, largest: int = LARGEST_NUMBER) -> int:
        """A whole number, which Paystack sometimes sends as text, or as 250000.0."""
        value = self._values.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
            value = int(value)
        if isinstance(value, float) and value.is_integer() and abs(value) < LARGEST_EXACT:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise OutOfShape(f"{name} is no whole number")
        if not 0 <= value <= largest:
            raise OutOfShape(f"{name} is out of range")
        return value

    def number_as_text(self, name: str) -> str:
        return str(self.whole(name, largest=LARGEST_ID))

    def whole_or_none(self, name: str) -> int | None:
        """A number that only informs: ``None`` also when it cannot be read."""
        try:
            return self.whole(name)
        except OutOfShape:
            return None

    def money(self) -> Money:
        currency = self.text("currency")
        if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
            raise OutOfShape("currency is no currency")
        return Money(self.whole("amount"), currency.upper())

    def moment(self, *names: str) -> datetime | None:
        """A moment that goes by several names and only informs.

        ``None`` when none of them is set, or the first one set cannot be read.
        """
        value = next((self._values[name] for name in names if self._values.get(name)), None)
        try:
            moment = datetime.fromisoformat(value) if isinstance(value, str) else None
            if moment is None or moment.tzinfo is None:
                return moment and moment.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, OverflowError):
            return None


def read_answer(status_code: int, body: bytes, pause: str | None) -> Answer:
    """Read an answer's body; ``pause`` is what its headers say about a rate limit.

    Raises:
        ProviderDown: the status says so.
        OutOfShape: it claims success, and the body is not Paystack's envelope.
    """
    if status_code >= 500:
        raise ProviderDown(f"status {status_code}")
    envelope = _envelope(body)
    if envelope is None and status_code < 400:
        raise OutOfShape(f"status {status_code} without an envelope")
    return Answer(status_code, envelope, pause)


def pause_of(answer: Answer, *, now: datetime) -> timedelta:
    """How long a rate limit asks us to wait, between one second and five minutes.

    Paystack's header is a time in seconds; whether from now or since 1970 is not documented, so
    its size decides. ``Retry-After`` may be a date as well.
    """
    try:
        seconds = float(answer.pause or "")
    except ValueError:
        date = _http_date(answer.pause or "")
        if date is None:
            return RATE_LIMIT_WINDOW
        seconds = date.timestamp()
    if seconds >= EPOCH_FROM:
        seconds -= now.timestamp()
    if not SHORTEST_PAUSE <= seconds <= LONGEST_PAUSE:
        seconds = LONGEST_PAUSE if seconds > LONGEST_PAUSE else SHORTEST_PAUSE
    return timedelta(seconds=seconds)


def _http_date(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _envelope(body: bytes) -> Mapping[str, Any] | None:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(envelope, dict) or not isinstance(envelope.get("status"), bool):
        return None
    return envelope


def text_or_empty(values: Mapping[str, Any] | None, name: str) -> str:
    """A text as a database keeps it, on one line; empty if there is none."""
    value = values.get(name) if values else None
    return one_line(value[:LONGEST_TEXT]) if isinstance(value, str) else ""


def charge_report_of(fields: Fields) -> ChargeReport:
    return ChargeReport(
        status=CHARGE_STATUSES.get(fields.text("status"), ChargeStatus.OPEN),
        reference=fields.text("reference"),
        amount=fields.money(),
        transaction_id=fields.number_as_text("id"),
        fee_minor=fields.whole_or_none("fees"),
        paid_at=fields.moment("paid_at", "paidAt"),
        reason=fields.text_or_empty("gateway_response")[:REASON_LENGTH],
    )
