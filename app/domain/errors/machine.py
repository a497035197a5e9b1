"""Refusals of the machine itself: mail, database, load."""

from datetime import timedelta

from app.domain.errors.kinds import TicketingError, Unavailable


class MailRejected(TicketingError):
    """The mail server refused this mail for good."""


class MailerUnavailable(TicketingError):
    """The mail server cannot take this mail now."""


class Busy(Unavailable):
    """Too much is going on at once; try again in a moment."""

    def __init__(self) -> None:
        super().__init__(
            "The server is busy; try again in a moment.", retry_after=timedelta(seconds=2)
        )


class DatabaseUnavailable(Unavailable):
    """The database does not answer; nothing was changed by this call as far as is known."""

    def __init__(self) -> None:
        super().__init__(
            "The database cannot be used right now; try again in a moment.",
            retry_after=timedelta(seconds=5),
        )
