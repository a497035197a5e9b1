"""Turns the fields of a call into checked values, or refuses with Paystack's words."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.paystack_mock.desks.ledger import make_code, to_json
from app.paystack_mock.values import refusals
from app.paystack_mock.values.bodies import Fields, parse_json
from app.paystack_mock.values.magic import behaviour_of
from app.paystack_mock.values.refusals import Refusal

LARGEST_AMOUNT_MINOR = 10_000_000 * 100

# `_` is undocumented but was seen to be taken.
_REFERENCE = re.compile(r"[A-Za-z0-9.=_-]{1,200}")
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\u0080-\U0010ffff-]{1,64}"
    r"@(?:[A-Za-z0-9\u0080-\U0010ffff-]{1,63}\.)+(?!local$)[A-Za-z0-9\u0080-\U0010ffff-]{2,63}",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"(-?[0-9]{1,30})(?:\.0+)?")
_FRACTION = re.compile(r"-?[0-9]{1,30}\.[0-9]{1,30}")
_GENERATED_REFERENCE_LENGTH = 10


@dataclass(frozen=True, slots=True)
class ChargeRequest:
    """What initialize was asked for; ``amount_minor`` is in the currency's subunit."""

    email: str
    amount_minor: int
    currency: str
    reference: str
    callback_url: str | None
    metadata: Any
    behaviour: str | None


def read_charge_request(fields: Fields, currencies: tuple[str, ...]) -> ChargeRequest:
    """Check the fields of initialize; unknown ones are ignored.

    Raises:
        Refusal: the first field found wrong.
    """
    email = _read_email(fields)
    amount_minor = read_amount(fields.get("amount"))
    currency = fields.get("currency") or currencies[0]
    if currency not in currencies:
        raise refusals.currency_not_supported()
    metadata = _read_metadata(fields.get("metadata"))
    return ChargeRequest(
        email=email,
        amount_minor=amount_minor,
        currency=currency,
        reference=_read_reference(fields),
        callback_url=_read_callback(fields),
        metadata=metadata,
        behaviour=behaviour_of(email, metadata),
    )


def read_amount(value: Any) -> int:
    """Read a whole amount of at least 1; a numeric string and 100.0 count as whole.

    Raises:
        Refusal: absent, zero, negative, too large, fractional, or not a number.
    """
    text = str(value) if isinstance(value, (str, int, float)) else ""
    whole = None if isinstance(value, bool) else _WHOLE.fullmatch(text.strip())
    if whole is None:
        if _FRACTION.fullmatch(text.strip()):
            raise refusals.fractional_amount()
        raise refusals.invalid_amount()
    amount_minor = int(whole[1])
    if not 0 < amount_minor <= LARGEST_AMOUNT_MINOR:
        raise refusals.invalid_amount()
    return amount_minor


def is_web_address(text: object) -> bool:
    """True for http(s) with a host: the only addresses we ever send a browser to."""
    if not isinstance(text, str):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def _read_email(fields: Fields) -> str:
    email = fields.get("email")
    if email in (None, ""):
        raise refusals.missing("Email Address")
    if not isinstance(email, str) or not _EMAIL.fullmatch(email.strip()):
        raise refusals.invalid_email()
    return email.strip()


def _read_reference(fields: Fields) -> str:
    reference = fields.get("reference")
    if reference in (None, ""):
        return make_code(_GENERATED_REFERENCE_LENGTH)
    if isinstance(reference, int) and not isinstance(reference, bool):
        reference = str(reference)
    if not isinstance(reference, str) or not _REFERENCE.fullmatch(reference):
        raise refusals.bad_reference()
    return reference


def _read_callback(fields: Fields) -> str | None:
    callback_url = fields.get("callback_url")
    if callback_url in (None, ""):
        return None
    if not is_web_address(callback_url):
        raise Refusal(400, "Invalid callback URL", code="invalid_callback_url")
    return str(callback_url)


def _read_metadata(value: Any) -> Any:
    """Numbers of an object become strings; those of a JSON string keep their type."""
    if value is None or value == "":
        return None
    if isinstance(value, dict):
        return _numbers_as_text(value)
    if not isinstance(value, str):
        return to_json(value)
    try:
        parsed = parse_json(value)
    except Refusal:
        return value
    return parsed if isinstance(parsed, dict) else value


def _numbers_as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _numbers_as_text(member) for key, member in value.items()}
    if isinstance(value, list):
        return [_numbers_as_text(member) for member in value]
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return value
