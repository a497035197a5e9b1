from typing import Annotated, Self

from pydantic import ConfigDict, Field

from app.domain.ids import AnnouncementId
from app.schemas.base import Line, Moment, RequestBody, ResponseBody, Text
from app.services.events.holder_messages import MessagePreview, SentMessage

Subject = Annotated[Line, Field(min_length=1, max_length=120)]
MessageText = Annotated[Text, Field(min_length=1, max_length=5000)]


class HolderMessage(RequestBody):
    """What to write to all who hold tickets."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"subject": "Doors open at six", "text": "Come early: there is food."}]
        }
    )

    subject: Subject = Field(description="Behind the event's title.")
    text: MessageText = Field(description="Plain text, sent as it is.")


class MessagePreviewOut(ResponseBody):
    """The mail as you would get it, in your language."""

    recipients: int = Field(description="How many hold valid tickets now.")
    subject: str = Field(examples=["Lagos Jazz Night: Doors open at six"])
    text: str

    @classmethod
    def of(cls, preview: MessagePreview) -> Self:
        return cls.from_fields(preview.mail, recipients=preview.recipients)


class HolderMessageOut(ResponseBody):
    """A message to all who hold tickets, and how far it is."""

    id: AnnouncementId
    subject: str = Field(examples=["Doors open at six"])
    text: str
    author: str = Field(description="Who wrote it, such as `user:7`.", examples=["user:7"])
    created_at: Moment
    is_complete: bool = Field(description="Whether a mail was made for each holder.")
    preparing: int = Field(description="Holders whose mail is not made yet.")
    due: int = Field(description="Mails that wait for their turn.")
    sent: int
    failed: int = Field(description="Mails that were given up.")
    dropped: int = Field(description="Whose holder had no valid ticket any more.")

    @classmethod
    def of(cls, sent: SentMessage) -> Self:
        announcement, facts = sent.announcement, sent.announcement.facts
        return cls.from_fields(
            announcement,
            sent.progress,
            subject=facts["subject"][0],
            text=facts["text"][0],
            author=facts["author"][0],
            is_complete=announcement.work_at is None,
        )
