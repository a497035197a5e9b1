"""What is told of a field that breaks a rule: the library's words where they help, else ours."""

from collections.abc import Mapping
from typing import Any, Final

_OF_TICKET_TYPES: Final = (
    "Belongs in `ticket_types`: each type has its own. Of a type there is already, change it with "
    "`PATCH /events/{event_id}/ticket-types/{ticket_type_id}`."
)

BELONGS: Final[Mapping[str, str]] = dict.fromkeys(
    ("sales_open_at", "sales_close_at", "min_per_order", "max_per_order"), _OF_TICKET_TYPES
)
"""Where fields belong that are looked for in another place."""


def rule_text(found: Any) -> str:
    """The rule a field broke, as one of pydantic's errors tells it."""
    match found["type"]:
        case "missing":
            return "This field is needed."
        case "extra_forbidden":
            return BELONGS.get(str(found["loc"][-1]), "There is no such field here.")
        case "too_short":
            return _length(found["ctx"], "at least", found["ctx"]["min_length"])
        case "too_long":
            return _length(found["ctx"], "at most", found["ctx"]["max_length"])
    return str(found["msg"]).removeprefix("Value error, ")


def _length(context: Mapping[str, Any], bound: str, length: int) -> str:
    actual = context.get("actual_length")
    but = "" if actual is None else f", not {actual}"
    if context["field_type"] == "Value":
        # A text with rules of our own.
        return f"Has {bound} {length} characters{but}."
    return f"Takes {bound} {length}{but}."
