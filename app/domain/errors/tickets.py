"""Refusals about tickets, also those that change hands, are issued again, or barred."""

from app.domain.errors.kinds import Conflict, Invalid, NotFound, TooMany
from app.domain.tickets.ticket_states import TicketState


class TicketNotFound(NotFound):
    title = "No ticket of yours has this id."

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"You have no ticket {ticket_id}.", ticket_id=ticket_id)


class TicketPageNotFound(NotFound):
    title = "No ticket page has this address."
    sentence = "There is no ticket at this address."


class WalletNotConfigured(NotFound):
    title = "This wallet is not configured."

    def __init__(self, wallet: str) -> None:
        super().__init__(f"{wallet} is not configured.", wallet=wallet)


class TicketPageReplaced(NotFound):
    title = "The ticket was transferred or reissued, and has another page now."

    def __init__(self, event_title: str, *, is_transferred: bool) -> None:
        super().__init__(
            f"This ticket for {event_title} was "
            f"{'transferred' if is_transferred else 'reissued under another code'}."
        )
        self.is_transferred = is_transferred


class LinkInvalid(NotFound):
    title = "The link is unknown, used or ended."
    sentence = "This link is unknown, used or ended."


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
