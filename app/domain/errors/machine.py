"""Refusals of the machine itself: mail, database, load."""

from datetime import timedelta

from app.domain.errors.kinds import Conflict, Invalid, TicketingError, Unavailable


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
