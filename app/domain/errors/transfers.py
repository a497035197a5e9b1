"""Refusals about tickets that change hands, are issued again, or barred."""

from datetime import timedelta

from app.domain.errors.kinds import Conflict, Invalid, NotFound, TooMany
from app.domain.tickets.ticket_states import TicketState


class TicketOutOfUse(Conflict):
    """The ticket is not good for this any more; `reason` says why."""

    def __init__(self, ticket_id: int, reason: TicketState) -> None:
        super().__init__(
            f"This cannot be done with ticket {ticket_id}: {reason.sentence}.",
            ticket_id=ticket_id,
            reason=reason,
        )


class TransferOpen(Conflict):
    """The ticket is offered to somebody already."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(
            f"Ticket {ticket_id} is offered to somebody already; take that offer back first.",
            ticket_id=ticket_id,
        )


class TransferToSelf(Invalid):
    """A ticket goes to somebody else."""

    def __init__(self) -> None:
        super().__init__(
            "This is the e-mail address of your own account.",
            errors=[{"pointer": "/email", "detail": "must be somebody else's"}],
        )


class RecipientDisabled(Conflict):
    """The account that should get the ticket or the right was disabled."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The account of {name!r} was disabled: it gets no tickets and no rights. Choose "
            "another one, or ask those who run the shop to enable it."
        )


class TransferNotFound(NotFound):
    """No open offer of yours has this id."""

    def __init__(self, transfer_id: int) -> None:
        super().__init__(f"You have no open offer {transfer_id}.", transfer_id=transfer_id)


class TooManyTransfers(TooMany):
    """The ticket was offered too often; wait before the next offer."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__(
            "This ticket was offered too often; wait before the next offer.",
            retry_after=retry_after,
        )


class TicketNotRevoked(Conflict):
    """The ticket is not barred from the door."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"Ticket {ticket_id} is not revoked.", ticket_id=ticket_id)
