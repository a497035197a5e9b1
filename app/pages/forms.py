"""What was wrong with a form, by field, in words for people."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from app.domain.errors import TicketingError
from app.domain.languages import marked
from app.http.problems import status_of
from app.schemas.validation_texts import rule_text
from app.texts.catalogue import told

WHOLE: Final = ""
"""Under which stands what is wrong with no field in particular."""

OF_THE_LIBRARY: Final = (
    marked("String should have at least {number} characters"),
    marked("String should have at most {number} characters"),
    marked("Input should be greater than or equal to {number}"),
    marked("Input should be less than or equal to {number}"),
    marked("value is not a valid email address: {reason}"),
)
"""What pydantic says of fields, for the catalogue to have it."""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """What is wrong with a form that was sent: a sentence for each field, and the status."""

    by_field: Mapping[str, str] = field(default_factory=dict)
    status: int = 200


NO_MISTAKES: Final = Mistakes()


def mistakes_in(
    refusal: ValidationError | TicketingError, fields: Collection[str] = ()
) -> Mistakes:
    """The rule each field broke.

    What is about none of the form's ``fields`` is about the whole form, and under ``WHOLE``.
    """
    found: dict[str, str] = {}
    for name, text in _told(refusal):
        words = told(text)
        found.setdefault(name if name in fields else WHOLE, words[:1].upper() + words[1:])
    return Mistakes(found, status_for(refusal))


def mistake_at(
    name: str, refusal: ValidationError | TicketingError, words: str | None = None
) -> Mistakes:
    """A refusal that is about this one field, in these words or its own."""
    (first, *_) = mistakes_in(refusal).by_field.values()
    return Mistakes({name: words or first}, status_for(refusal))


def status_for(refusal: ValidationError | TicketingError) -> int:
    """The status of the page that shows the form again."""
    return 422 if isinstance(refusal, ValidationError) else status_of(type(refusal))


def _told(refusal: ValidationError | TicketingError) -> list[tuple[str, str]]:
    if isinstance(refusal, ValidationError):
        return [(str(each["loc"][0]), _rule(each)) for each in refusal.errors()]
    errors = refusal.facts.get("errors")
    if isinstance(errors, list):
        return [(each["pointer"].strip("/"), each["detail"]) for each in errors]
    return [(str(refusal.facts.get("field", WHOLE)), refusal.detail)]


def _rule(found: Any) -> str:
    """The rule in words for people, whose forms send numbers as text."""
    given = found["input"]
    if given is None or (isinstance(given, str) and not given.strip()):
        return marked("This field is needed.")
    if found["type"] == "string_pattern_mismatch":
        return marked("Some characters are not allowed here, such as spaces, @ and /.")
    if isinstance(given, str) and "JSON number" in found["msg"]:
        if found["loc"][0] == "ticket_price":
            return marked("Write the price in digits, such as 2500 or 2500.50.")
        return marked("Write the amount in digits, such as 20 or 2500.50.")
    if isinstance(given, str) and found["type"] == "int_type":
        return marked("Write a number in digits, such as 200.")
    return rule_text(found)
