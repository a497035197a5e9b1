"""Refusals about messages."""

from app.domain.errors.kinds import NotFound


class MessageNotFound(NotFound):
    title = "No message has this id."

    def __init__(self, message_id: int) -> None:
        super().__init__(f"There is no message {message_id}.", message_id=message_id)
