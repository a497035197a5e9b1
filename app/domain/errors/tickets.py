"""Refusals about tickets."""

from app.domain.errors.kinds import NotFound


class TicketNotFound(NotFound):
    """No ticket of yours has this id."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"You have no ticket {ticket_id}.", ticket_id=ticket_id)


class TicketPageNotFound(NotFound):
    """No ticket page has this address."""

    def __init__(self) -> None:
        super().__init__("There is no ticket at this address.")


class WalletNotConfigured(NotFound):
    """This shop hands no tickets over to this wallet."""

    def __init__(self, wallet: str) -> None:
        super().__init__(f"This shop hands no tickets over to {wallet}.", wallet=wallet)


class TicketPageReplaced(NotFound):
    """The ticket was handed on or issued again, and has another page now."""

    def __init__(self, event_title: str, *, handed_on: bool) -> None:
        super().__init__(
            f"This ticket for {event_title} was "
            f"{'handed on' if handed_on else 'issued again under another code'}."
        )
        self.handed_on = handed_on


class LinkInvalid(NotFound):
    """The link in the mail is not one of ours, was used, or has ended."""

    def __init__(self) -> None:
        super().__init__("This link is not one of ours, was used, or has ended.")
