from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from app.domain.money import MAXIMUM_CHARGE_MINOR, MINIMUM_CHARGE_MINOR
from app.schemas.base import Line, RequestBody


def _currency(code: str) -> str:
    if code not in MINIMUM_CHARGE_MINOR:
        raise ValueError(f"must be one of {', '.join(MINIMUM_CHARGE_MINOR)}")
    return code


Currency = Annotated[
    Line,
    AfterValidator(_currency),
    WithJsonSchema({"type": "string", "enum": list(MINIMUM_CHARGE_MINOR)}),
]


class MoneyIn(RequestBody):
    """An amount in the currency's minor unit (kobo, cent)."""

    amount: int = Field(
        ge=1,
        le=MAXIMUM_CHARGE_MINOR,
        description="In hundredths of a unit, also where there are no coins (XOF).",
    )
    currency: Currency
