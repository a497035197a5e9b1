"""The one strict parent of all bodies, and the field types that need care.

Bodies are parsed with numbers as ``int`` or ``Decimal`` (see ``app/http/strict_route.py``), so
strictness can tell ``5`` from ``5.0``, ``"5"`` and ``true``.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final, Self, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    WithJsonSchema,
    model_validator,
)

from app.domain.ids import MAX_ID
from app.domain.money import WITHOUT_COINS
from app.domain.text import NOT_IN_A_LINE, has_web_address, is_one_line


class RequestBody(BaseModel):
    """What comes in: exact types, no unknown fields, text trimmed."""

    model_config = ConfigDict(
        strict=True, extra="forbid", frozen=True, str_strip_whitespace=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _is_no_number(cls, value: object) -> object:
        # Pydantic would look for the fields in a Decimal, and call each of them missing.
        if isinstance(value, Decimal):
            raise ValueError("must be an object")  # noqa: TRY004 - what Pydantic makes a refusal of
        return value


def _refuse_null(value: object) -> object:
    if value is None:
        raise ValueError("cannot be null; leave it out to keep it")
    return value


def _tell_no_null(field: dict[str, Any]) -> None:
    field.update(field.pop("anyOf")[0])
    del field["default"]


T = TypeVar("T")
Kept = Annotated[T | None, BeforeValidator(_refuse_null), Field(json_schema_extra=_tell_no_null)]
"""A field of changes that may be left out, and then stays, but cannot be ``null``."""


_ABSENT: Final = object()


@cache
def _fields_of(body: type[BaseModel]) -> tuple[str, ...]:
    """Their names; pydantic looks them up anew each time, a fifth of what an event's body takes."""
    return tuple(body.model_fields)


class ResponseBody(BaseModel):
    """What goes out."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    @classmethod
    def from_fields(cls, *sources: object, **others: object) -> Self:
        """A body with the fields of the same names of the sources, and these others.

        The first source that has a field gives it. Bodies inside are read in the same way.
        """
        values = others
        for name in _fields_of(cls):
            if name in values:
                continue
            for source in sources:
                value = getattr(source, name, _ABSENT)
                if value is not _ABSENT:
                    values[name] = value
                    break
        return cls.model_validate(values)


def _is_clean(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not contain the character NUL")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("must be valid Unicode, without lone surrogates")
    return text


def _is_one_line(text: str) -> str:
    if not is_one_line(text):
        raise ValueError("must be one line of printable characters")
    return text


NO_NUL: Final = r"^[^\x00]*$"
Text = Annotated[
    str,
    BeforeValidator(lambda v: _is_clean(v) if isinstance(v, str) else v),
    Field(json_schema_extra={"pattern": NO_NUL}),
]
"""Any text a database can keep."""

Line = Annotated[
    Text,
    AfterValidator(_is_one_line),
    Field(json_schema_extra={"pattern": f"^[^{NOT_IN_A_LINE}]*$"}),
]
"""Text without line breaks or control characters."""


def has_no_web_address(text: str) -> str:
    """Refuse a text that a mail program would make a link of."""
    if has_web_address(text):
        raise ValueError("must not contain a web address (:// or www.): it stands in mails")
    return text


MailLine = Annotated[Line, AfterValidator(has_no_web_address)]
"""A line in mails to other people: the name of a person or of an event, a reason."""


def _price(value: object) -> Decimal:
    if type(value) is int:
        value = Decimal(value)
    if isinstance(value, Decimal) and value.is_finite():
        return value
    raise ValueError("must be a JSON number")


Price = Annotated[
    Decimal,
    BeforeValidator(_price),
    Field(ge=0, le=10_000_000, max_digits=10, decimal_places=2),
    PlainSerializer(float, return_type=float, when_used="json"),
    WithJsonSchema({"type": "number", "minimum": 0, "maximum": 10_000_000, "multipleOf": 0.01}),
]
"""Major units with at most two decimals; a JSON number that never was a float on its way in."""

WHOLE_ONLY: Final = f"Whole numbers only in {', '.join(sorted(WITHOUT_COINS))}."
"""What a JSON Schema cannot say of ``Price``: the currency stands elsewhere."""


_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?)?", re.ASCII
)
"""A day, or a day and a time: ISO 8601 also writes ``20300601`` and ``2030-W22-6``."""


def _moment(value: object) -> Any:
    text = value.upper() if isinstance(value, str) else ""
    try:
        # No moment is written in no characters: what has another form is refused alike.
        return datetime.fromisoformat(text if _MOMENT.fullmatch(text) else "")
    except ValueError as error:
        raise ValueError("must be a date and time, as in 2027-05-01T19:00:00") from error


ISO_MOMENT: Final = (
    r"^(19[7-9][0-9]|[2-8][0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
    r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?$"
)
"""A day, or a moment with or without an offset, as ISO 8601 writes them."""


def _has_utc_equivalent(moment: datetime) -> datetime:
    # The first and last days of the calendar cannot be moved into another zone.
    if not 1970 <= moment.year <= 9000:
        raise ValueError("must lie between the years 1970 and 9000")
    return moment


LocalOrUtc = Annotated[
    datetime,
    BeforeValidator(_moment),
    AfterValidator(_has_utc_equivalent),
    # `format: date-time` always has an offset: typed clients could not send a local time.
    WithJsonSchema({"type": "string", "pattern": ISO_MOMENT}),
]
"""A moment, either with an offset or in the local time of the event."""


def _day(value: object) -> Any:
    text = value if isinstance(value, str) else ""
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError as error:
        raise ValueError("must be a day, as in 2027-05-01") from error


Day = Annotated[date, BeforeValidator(_day)]
"""A day of the calendar, as ``2027-05-01``."""


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    PlainSerializer(_utc, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}, mode="serialization"),
]
"""A moment in UTC, as ``2027-05-01T18:00:00Z``."""

RowId = Annotated[int, Field(ge=1, le=MAX_ID)]
