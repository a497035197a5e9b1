from pydantic import Field

from app.domain.ids import UserId
from app.domain.states import OutboxKind, OutboxStatus
from app.models.operations.outbox import OutboxMessage
from app.schemas.base import Moment, ResponseBody


class MessageOut(ResponseBody):
    """A message and its delivery. The text is in the mail only."""

    id: int
    kind: OutboxKind
    subject_id: int = Field(
        description="The order, payment, refund, announcement or request it is about, by `kind`."
    )
    addressee_id: UserId | None = Field(
        description="The user it goes to, where many get one; `null`: the owner of the subject."
    )
    status: OutboxStatus = Field(
        description="`due`: to be sent; `dead`: given up; `dropped`: nothing was left to tell."
    )
    created_at: Moment
    next_try_at: Moment | None = Field(description="`null` unless it is due.")
    attempts: int
    resends: int = Field(description="How often it was asked for again.")
    sent_at: Moment | None
    last_error: str | None

    @classmethod
    def of(cls, message: OutboxMessage) -> "MessageOut":
        is_due = message.status == OutboxStatus.DUE
        return cls.from_fields(
            message,
            addressee_id=message.addressee_id or None,
            next_try_at=message.work_at if is_due else None,
        )
