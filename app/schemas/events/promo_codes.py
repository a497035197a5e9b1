from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field, WithJsonSchema

from app.domain.ids import PromoCodeId, TicketTypeId
from app.domain.states import DiscountKind
from app.domain.users.names import PROMO_CODE_KEY, ensure_key_fits
from app.schemas.base import (
    WHOLE_ONLY,
    Kept,
    Line,
    LocalOrUtc,
    Moment,
    Price,
    RequestBody,
    ResponseBody,
    RowId,
)

Code = Annotated[
    Line,
    Field(min_length=4, max_length=64),
    AfterValidator(lambda code: ensure_key_fits(code, PROMO_CODE_KEY)),
]
Value = Annotated[
    Price,
    Field(gt=0),
    WithJsonSchema(
        {"type": "number", "exclusiveMinimum": 0, "maximum": 10_000_000, "multipleOf": 0.01}
    ),
]
MaxUses = Annotated[int, Field(ge=1, le=1_000_000)]
TypeIds = Annotated[list[RowId], Field(max_length=20)]
LOCAL = "Local time at the event if no offset is given."


class PromoCodeCreate(RequestBody):
    """A code that makes tickets cheaper."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "EARLYBIRD", "kind": "percent", "value": 20, "max_uses": 50}]
        }
    )

    code: Code = Field(description="Unique in the event, whatever its case.")
    kind: DiscountKind = Field(strict=False)
    value: Value = Field(
        description="A whole percentage (`percent`), or major units off each ticket (`fixed`). "
        f"{WHOLE_ONLY} What is left to pay for a ticket is rounded down to what can be paid.",
    )
    max_uses: MaxUses | None = Field(
        default=None, description="Orders that may use it; without it there is no limit."
    )
    valid_from: LocalOrUtc | None = Field(default=None, description=LOCAL)
    valid_until: LocalOrUtc | None = Field(default=None, description=LOCAL)
    ticket_type_ids: TypeIds = Field(
        default_factory=list, description="Good for these types only; none: all."
    )


class PromoCodeChange(RequestBody):
    """What to change about the code; what is left out stays. `null` empties optional fields."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"is_stopped": True}]})

    code: Kept[Code] = None
    value: Kept[Value] = Field(
        default=None, description=f"Of the same kind as before. {WHOLE_ONLY}"
    )
    max_uses: MaxUses | None = Field(default=None, description="Not below its uses so far.")
    valid_from: LocalOrUtc | None = Field(default=None, description=LOCAL)
    valid_until: LocalOrUtc | None = Field(default=None, description=LOCAL)
    ticket_type_ids: Kept[TypeIds] = None
    is_stopped: Kept[bool] = Field(
        default=None, description="`true`: no new order can use it; `false`: it goes on."
    )


class PromoCodeOut(ResponseBody):
    """A promo code, as the organizer sees it."""

    id: PromoCodeId
    code: str
    kind: DiscountKind
    value: float = Field(description="A percentage, or major units off each ticket.")
    max_uses: int | None
    used: int = Field(
        description="Orders that hold or have bought with it; not those refunded as a whole."
    )
    valid_from: Moment | None
    valid_until: Moment | None
    ticket_type_ids: list[TicketTypeId]
    is_stopped: bool
