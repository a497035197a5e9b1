from typing import Annotated, Self

from pydantic import ConfigDict, Field

from app.domain.ids import OrderNoteId, UserId
from app.models.orders.orders import LONGEST_NOTE
from app.repositories.orders.notes import WrittenNote
from app.schemas.base import Moment, RequestBody, ResponseBody, Text

NoteText = Annotated[Text, Field(min_length=1, max_length=LONGEST_NOTE)]


class OrderNoteCreate(RequestBody):
    """What to write down about an order."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "Called: wants seats beside order 12."}]}
    )

    text: NoteText = Field(description="Buyers never see it. It cannot be changed later.")


class OrderNoteOut(ResponseBody):
    """A note that a member wrote on an order."""

    id: OrderNoteId
    author_id: UserId
    author: str = Field(description="The author's user name.")
    text: str
    at: Moment

    @classmethod
    def of(cls, written: WrittenNote) -> Self:
        return cls.from_fields(written.note, author=written.author)
