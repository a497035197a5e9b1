from typing import Annotated

from pydantic import ConfigDict, Field

from app.domain.admins.actions import LONGEST_REASON, AdminActionKind, AdminSubject
from app.domain.ids import UserId
from app.schemas.base import Line, Moment, RequestBody, ResponseBody

Reason = Annotated[
    Line,
    Field(
        min_length=1,
        max_length=LONGEST_REASON,
        description="Why; kept in the log of admins.",
        examples=["Asked for by phone"],
    ),
]


class ReasonIn(RequestBody):
    """Why an admin does it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Asked for by phone"}]})

    reason: Reason


class AdminActionOut(ResponseBody):
    """Something an admin did."""

    id: int
    at: Moment
    actor: str = Field(description="`user:7`; `operator`: the command line.")
    action: AdminActionKind
    subject: AdminSubject | None = Field(description="What it was about; `null`: a search.")
    subject_id: int | None
    account_id: UserId | None = Field(description="The account whose data it was about.")
    words: str | None = Field(
        description="What was searched for, in the form in which names are compared.",
        examples=["ada@example.com"],
    )
    detail: str | None = Field(examples=["buyer to organizer"])
    reason: str | None
