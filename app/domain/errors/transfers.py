"""Refusals about tickets that change hands, are issued again, or barred."""

from app.domain.errors.kinds import Conflict, Invalid, NotFound, TooMany
from app.domain.tickets.ticket_states import TicketState


class TicketOutOfUse(Conflict):
    title = "The ticket cannot be used for this; `reason` says why."

    def __init__(self, ticket_id: int, reason: TicketState) -> None:
        super().__init__(
            f"This cannot be done with ticket {ticket_id}: {reason.sentence}.",
            ticket_id=ticket_id,
            reason=reason,
        )


class TransferOpen(Conflict):
    title = "The ticket is already offered."

    def __init__(self, ticket_id: int) -> None:
        super().__init__(
            f"Ticket {ticket_id} is already offered. Withdraw that offer first.",
            ticket_id=ticket_id,
        )


class TransferToSelf(Invalid):
    title = "You cannot transfer a ticket to yourself."

    def __init__(self) -> None:
        super().__init__(
            "You cannot transfer a ticket to yourself.",
            errors=[{"pointer": "/email", "detail": "must be another person's"}],
        )


class RecipientDisabled(Conflict):
    title = "The recipient's account is disabled."

    def __init__(self, name: str) -> None:
        super().__init__(
            f"The account of {name!r} was disabled: it gets no tickets and no rights. Choose "
            "another one, or ask an admin to enable it."
        )


class TransferNotFound(NotFound):
    title = "No open offer of yours has this id."

    def __init__(self, transfer_id: int) -> None:
        super().__init__(f"You have no open offer {transfer_id}.", transfer_id=transfer_id)


class TooManyTransfers(TooMany):
    title = "The ticket was offered too often. Wait before the next offer."
    sentence = "This ticket was offered too often; wait before the next offer."


class TicketNotRevoked(Conflict):
    title = "The ticket is not revoked."

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"Ticket {ticket_id} is not revoked.", ticket_id=ticket_id)
