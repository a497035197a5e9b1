"""Refusals of the machine itself: mail, files, database, load."""

from datetime import timedelta

from app.domain.errors.kinds import Conflict, Invalid, NotFound, TicketingError, Unavailable


class MailRejected(TicketingError):
    title = "The mail server refused this mail permanently."


class MailerUnavailable(TicketingError):
    title = "The mail server cannot take this mail now."


class KeyReused(Invalid):
    title = "This Idempotency-Key belongs to a different request."

    def __init__(self) -> None:
        super().__init__(
            "This Idempotency-Key was used with another body; take a new one for a new call.",
            errors=[
                {
                    "pointer": "/Idempotency-Key",
                    "in": "header",
                    "detail": "was used with another body",
                }
            ],
        )


class KeyInUse(Conflict):
    title = "A request with this Idempotency-Key is still in progress. Retry after 1 s."
    sentence = "A call with this Idempotency-Key is being worked on; ask again."
    retry_after = timedelta(seconds=1)


class Busy(Unavailable):
    title = "The shop is too busy. Try again in a moment."
    sentence = "The server is busy; try again in a moment."
    retry_after = timedelta(seconds=2)


class FilesUnavailable(Unavailable):
    title = "The shop's files cannot be read or written now."
    sentence = "The file cannot be read or written right now; try again in a moment."


class DatabaseUnavailable(Unavailable):
    title = "The database does not answer; as far as is known, nothing was changed."
    sentence = "The database cannot be used right now; try again in a moment."


class PictureUnusable(Invalid):
    title = "The file is no picture that can be shown."

    def __init__(self, rule: str, *, field: str = "image") -> None:
        super().__init__(
            f"The field {field} {rule}.", errors=[{"pointer": f"/{field}", "detail": rule}]
        )


class PicturesUnavailable(Unavailable):
    title = "Pictures cannot be kept or shown now."
    sentence = "Where pictures are kept does not answer. Nothing was changed; try again later."


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
