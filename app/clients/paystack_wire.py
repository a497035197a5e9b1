"""Paystack's JSON: the envelope, and the fields we use, each checked for its type."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from app.domain.money import Money
from app.domain.ports import Charge, ChargeReport, ChargeStatus, RefundReport, RefundStatus
from app.domain.text import one_line

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
    rate_limit_reset: str | None = None

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
        """Paystack answers 400 with this code; its own description of the API says 404."""
        return self.is_refusal and (
            self.status_code == 404
            or (self.status_code == 400 and self.code == "transaction_not_found")
        )

    @property
    def message(self) -> str:
        return _text_or_empty(self.envelope, "message")[:REASON_LENGTH]

    @property
    def code(self) -> str:
        return _text_or_empty(self.envelope, "code")

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
        rows = self.envelope.get("data") if self.envelope else None
        if not isinstance(rows, list):
            raise OutOfShape("data is no list")
        return [Fields(row) for row in rows]

    @property
    def page_count(self) -> int | None:
        """How many pages a list has, when it says."""
        meta = self.envelope.get("meta") if self.envelope else None
        if not isinstance(meta, dict) or meta.get("pageCount") is None:
            return None
        return Fields(meta).whole("pageCount")


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
        return _text_or_empty(self._values, name)

    def whole(self, name: str, *, largest: int = LARGEST_NUMBER) -> int:
        """A whole number, which Paystack sometimes sends as text."""
        value = self._values.get(name)
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise OutOfShape(f"{name} is no whole number")
        if not 0 <= value <= largest:
            raise OutOfShape(f"{name} is out of range")
        return value

    def number_as_text(self, name: str) -> str:
        """One of Paystack's ids."""
        return str(self.whole(name, largest=LARGEST_ID))

    def whole_or_none(self, name: str) -> int | None:
        return None if self._values.get(name) is None else self.whole(name)

    def money(self) -> Money:
        currency = self.text("currency")
        if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
            raise OutOfShape("currency is no currency")
        return Money(self.whole("amount"), currency.upper())

    def moment(self, *names: str) -> datetime | None:
        """A moment that goes by several names; ``None`` when none of them is set."""
        value = next((self._values[name] for name in names if self._values.get(name)), None)
        if value is None:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except (TypeError, ValueError) as error:
            raise OutOfShape(f"{names[0]} is no moment") from error
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def read_answer(status_code: int, body: bytes, rate_limit_reset: str | None) -> Answer:
    """Read an answer's body.

    Raises:
        ProviderDown: the status says so.
        OutOfShape: it claims success, and the body is not Paystack's envelope.
    """
    if status_code >= 500:
        raise ProviderDown(f"status {status_code}")
    envelope = _envelope(body)
    if envelope is None and status_code < 400:
        raise OutOfShape(f"status {status_code} without an envelope")
    return Answer(status_code, envelope, rate_limit_reset)


def charge_metadata(*, cancel_url: str, description: str) -> dict[str, object]:
    """Where a buyer goes who cancels, and what our dashboard at Paystack shows."""
    order = {"display_name": "Order", "variable_name": "order", "value": description}
    return {"cancel_action": cancel_url, "custom_fields": [order]}


def charge_of(answer: Answer) -> Charge:
    fields = answer.fields
    return Charge(
        authorization_url=fields.text("authorization_url"), access_code=fields.text("access_code")
    )


def charge_report_of(answer: Answer, *, reference: str) -> ChargeReport:
    report = _charge_report(answer.fields)
    if report.reference != reference:
        raise OutOfShape("it is about another reference")
    return report


def listed_charges_of(answer: Answer) -> list[ChargeReport]:
    """One page of the list of charges."""
    return [_charge_report(row) for row in answer.rows]


def _charge_report(fields: Fields) -> ChargeReport:
    return ChargeReport(
        status=CHARGE_STATUSES.get(fields.text("status"), ChargeStatus.OPEN),
        reference=fields.text("reference"),
        amount=fields.money(),
        transaction_id=fields.number_as_text("id"),
        fee_minor=fields.whole_or_none("fees"),
        paid_at=fields.moment("paid_at", "paidAt"),
        reason=fields.text_or_empty("gateway_response")[:REASON_LENGTH],
    )


def refund_report_of(fields: Fields) -> RefundReport:
    return RefundReport(
        id=fields.number_as_text("id"),
        status=_refund_status(fields.text("status")),
        amount=fields.money(),
        note=fields.text_or_empty("merchant_note"),
    )


def pause_of(answer: Answer, *, now: datetime) -> timedelta:
    """How long a rate limit asks us to wait, between one second and five minutes.

    Paystack's header is a time in seconds; whether from now or since 1970 is not documented, so
    its size decides.
    """
    try:
        seconds = float(answer.rate_limit_reset or "")
    except ValueError:
        return RATE_LIMIT_WINDOW
    if seconds >= EPOCH_FROM:
        seconds -= now.timestamp()
    if not SHORTEST_PAUSE <= seconds <= LONGEST_PAUSE:
        seconds = LONGEST_PAUSE if seconds > LONGEST_PAUSE else SHORTEST_PAUSE
    return timedelta(seconds=seconds)


def _refund_status(text: str) -> RefundStatus:
    try:
        return RefundStatus(text)
    except ValueError:
        return RefundStatus.PENDING  # a status we do not know yet: ask again


def _envelope(body: bytes) -> Mapping[str, Any] | None:
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(envelope, dict) or not isinstance(envelope.get("status"), bool):
        return None
    return envelope


def _text_or_empty(values: Mapping[str, Any] | None, name: str) -> str:
    value = values.get(name) if values else None
    return one_line(value[:LONGEST_TEXT]) if isinstance(value, str) else ""
