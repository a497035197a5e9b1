"""What is told of a field that breaks a rule: the library's words where they help, else ours."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

_OF_TICKET_TYPES: Final = (
    "Belongs in `ticket_types`: each type has its own. Of a type there is already, change it with "
    "`PATCH /events/{event_id}/ticket-types/{ticket_type_id}`."
)

BELONGS: Final[Mapping[str, str]] = dict.fromkeys(
    ("sales_open_at", "sales_close_at", "min_per_order", "max_per_order"), _OF_TICKET_TYPES
)
"""Where fields belong that are looked for in another place."""

_AT_LEAST: Final = (
    "Has at least {length} characters.",
    "Has at least {length} characters, not {actual}.",
    "Takes at least {length}.",
    "Takes at least {length}, not {actual}.",
)
_AT_MOST: Final = (
    "Has at most {length} characters.",
    "Has at most {length} characters, not {actual}.",
    "Takes at most {length}.",
    "Takes at most {length}, not {actual}.",
)
"""Of a text and of a list; without and with how long it is."""


def rule_text(found: Any) -> str:
    """The rule a field broke, as one of pydantic's errors tells it."""
    match found["type"]:
        case "missing":
            return "This field is needed."
        case "extra_forbidden":
            return BELONGS.get(str(found["loc"][-1]), "There is no such field here.")
        case "too_short":
            return _length(found["ctx"], _AT_LEAST, found["ctx"]["min_length"])
        case "too_long":
            return _length(found["ctx"], _AT_MOST, found["ctx"]["max_length"])
    return str(found["msg"]).removeprefix("Value error, ")


def _length(context: Mapping[str, Any], sentences: Sequence[str], length: int) -> str:
    # A text with rules of our own is a "Value".
    is_text, actual = context["field_type"] == "Value", context.get("actual_length")
    sentence = sentences[(0 if is_text else 2) + (actual is not None)]
    return sentence.format(length=length, actual=actual)
