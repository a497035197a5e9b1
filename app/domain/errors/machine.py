"""Refusals of the machine itself: mail, database, load."""

from datetime import timedelta

from app.domain.errors.kinds import Conflict, Invalid, TicketingError, Unavailable


class MailRejected(TicketingError):
    """The mail server refused this mail for good."""


class MailerUnavailable(TicketingError):
    """The mail server cannot take this mail now."""


class KeyReused(Invalid):
    """This Idempotency-Key belongs to a call that asked for something else."""

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
    """The same call is being worked on; ask again for its answer."""

    def __init__(self) -> None:
        super().__init__("A call with this Idempotency-Key is being worked on; ask again.")
        self.retry_after = timedelta(seconds=1)


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
