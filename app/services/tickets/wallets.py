"""Tickets in the wallets of telephones, where the shop has been given the keys to them."""

from dataclasses import dataclass

from app.domain.errors import WalletNotConfigured
from app.domain.ids import TicketId, UserId
from app.domain.ports import ApplePasses, Clock, GoogleWallet
from app.services.tickets.tickets import TicketService


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletService:
    """Hands tickets over to wallets. A wallet that is ``None`` is off."""

    tickets: TicketService
    clock: Clock
    apple: ApplePasses | None
    google: GoogleWallet | None

    def apple_pass(self, *, ticket_id: TicketId, user_id: UserId) -> bytes:
        """A ``.pkpass`` of the user's ticket.

        Raises:
            WalletNotConfigured: the shop has no certificate of Apple's.
            TicketNotFound: there is no such ticket, or it is another account's.
        """
        if self.apple is None:
            raise WalletNotConfigured("Apple Wallet")
        ticket = self.tickets.get(ticket_id=ticket_id, user_id=user_id)
        return self.apple.pass_file(self.tickets.printed(ticket), code=self.tickets.code(ticket))

    def google_link(self, *, ticket_id: TicketId, user_id: UserId) -> str:
        """The address that saves the user's ticket.

        Raises:
            WalletNotConfigured: the shop has no service account of Google's.
            TicketNotFound: there is no such ticket, or it is another account's.
        """
        if self.google is None:
            raise WalletNotConfigured("Google Wallet")
        ticket = self.tickets.get(ticket_id=ticket_id, user_id=user_id)
        return self.google.save_link(
            self.tickets.printed(ticket),
            code=self.tickets.code(ticket),
            now=self.clock.now(),
        )
