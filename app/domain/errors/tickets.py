"""Refusals about tickets."""

from app.domain.errors.kinds import NotFound


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
