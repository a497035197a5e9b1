from typing import Annotated

from pydantic import ConfigDict, Field

from app.domain.ids import PromoCodeId, TicketTypeId
from app.domain.states import DiscountKind
from app.schemas.base import Line, LocalOrUtc, Moment, Price, RequestBody, ResponseBody, RowId

Code = Annotated[Line, Field(min_length=4, max_length=64)]


class PromoCodeCreate(RequestBody):
    """A code that makes tickets cheaper."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"code": "EARLYBIRD", "kind": "percent", "value": 20, "max_uses": 50}]
        }
    )

    code: Code = Field(description="Unique in the event, whatever its case.")
    kind: DiscountKind = Field(strict=False)
    value: Price = Field(
        gt=0,
        description="A whole percentage (`percent`), or major units off each ticket (`fixed`).",
    )
    max_uses: Annotated[int, Field(ge=1, le=1_000_000)] | None = Field(
        default=None, description="Orders that may use it; without it there is no limit."
    )
    valid_from: LocalOrUtc | None = Field(default=None, description="UTC if no offset is given.")
    valid_until: LocalOrUtc | None = Field(default=None, description="UTC if no offset is given.")
    ticket_type_ids: list[RowId] = Field(
        default_factory=list, max_length=20, description="Good for these types only; none: all."
    )


class PromoCodeOut(ResponseBody):
    """A promo code, as the organizer sees it."""

    id: PromoCodeId
    code: str
    kind: DiscountKind
    value: float = Field(description="A percentage, or major units off each ticket.")
    max_uses: int | None
    used: int = Field(description="Orders that hold or have bought with it.")
    valid_from: Moment | None
    valid_until: Moment | None
    ticket_type_ids: list[TicketTypeId]
