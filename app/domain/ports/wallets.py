"""The wallets of telephones."""

from datetime import datetime
from typing import Protocol

from app.domain.listings import PrintedTicket


class ApplePasses(Protocol):
    """Makes passes for Apple Wallet."""

    def pass_file(self, printed: PrintedTicket, *, code: str) -> bytes:
        """A signed ``.pkpass`` that shows the code."""
        ...


class GoogleWallet(Protocol):
    """Makes links that save tickets in Google Wallet."""

    def save_link(self, printed: PrintedTicket, *, code: str, now: datetime) -> str:
        """An address whose token holds the ticket and its code: a secret like the ticket itself."""
        ...
