"""Refusals about messages."""

from app.domain.errors.kinds import Conflict, NotFound


class MessageNotFound(NotFound):
    title = "No message has this id."

    def __init__(self, message_id: int) -> None:
        super().__init__(f"There is no message {message_id}.", message_id=message_id)


class MessageNotDead(Conflict):
    title = "The message was not given up."

    def __init__(self, message_id: int, status: str) -> None:
        super().__init__(
            f"Message {message_id} is {status}. Only a message that is dead is dropped.",
            message_id=message_id,
            status=status,
        )
