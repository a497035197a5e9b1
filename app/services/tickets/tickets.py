"""Tickets: what buyers hold in their hands."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.domain.errors import PicturesUnavailable, WalletNotConfigured
from app.domain.ids import TicketId, UserId
from app.domain.languages import Language
from app.domain.listings import PrintedTicket, TicketListing
from app.domain.paging import Cursor, Page
from app.domain.ports import (
    DEFAULT_PIXELS,
    ApplePasses,
    Clock,
    GoogleWallet,
    PictureStore,
    PublicKey,
    QrPainter,
    TicketPrinter,
    TicketSigner,
)
from app.repositories.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketService:
    """Shows tickets to those who hold them."""

    database: Database
    signer: TicketSigner
    qr: QrPainter
    pages: TicketPrinter
    pictures: PictureStore
    default_language: Language
    clock: Clock
    apple: ApplePasses | None
    """``None``: that wallet is off."""
    google: GoogleWallet | None

    def get(self, *, ticket_id: TicketId, user_id: UserId) -> TicketListing:
        """A ticket of the user's.

        Raises:
            TicketNotFound: there is none, or it is another account's.
        """
        with self.database.reading() as work:
            return work.tickets.listing(ticket_id, user_id=user_id)

    def page(self, *, user_id: UserId, after: Cursor | None, limit: int) -> Page[TicketListing]:
        """One page of the user's tickets, the newest first."""
        with self.database.reading() as work:
            return work.tickets.page(user_id, after=after, limit=limit)

    def code(self, ticket: TicketListing) -> str:
        """What the ticket's QR code says."""
        return self.signer.sign(ticket.facts, key_id=ticket.key_id)

    def signing_key(self, ticket: TicketListing) -> int:
        """The number of the key that signs the ticket's code now."""
        return self.signer.key_that_signs(ticket.key_id)

    def png(self, ticket: TicketListing, *, pixels: int = DEFAULT_PIXELS) -> bytes:
        """The ticket's QR code as a picture, with the short code under it."""
        return self.qr.png(self.code(ticket), caption=ticket.short_code, pixels=pixels)

    def svg(
        self, ticket: TicketListing, *, pixels: int = DEFAULT_PIXELS, captioned: bool = True
    ) -> bytes:
        """The same as an SVG; not ``captioned``, without the short code."""
        return self.qr.svg(
            self.code(ticket),
            title=f"Ticket {ticket.id}: {ticket.event_title}",
            caption=ticket.short_code if captioned else "",
            pixels=pixels,
        )

    def printed(self, ticket: TicketListing) -> PrintedTicket:
        """The ticket with what is on paper only, for who holds it; two queries more."""
        with self.database.reading() as work:
            look = work.organizations.look(ticket.event_id)
            paper = work.tickets.paper_of(ticket.id)
        printed = PrintedTicket(ticket, paper, look.colour, look.logo)
        return printed.in_language(printed.paper.language or self.default_language)

    def pdf(self, printed: PrintedTicket) -> bytes:
        """The ticket for printing; without the logo where that cannot be read now."""
        logo = None
        if printed.logo is not None:
            with suppress(PicturesUnavailable):
                logo = self.pictures.load(printed.logo.largest.name)
        return self.pages.pdf(printed, code=self.code(printed.ticket), logo=logo)

    def public_keys(self) -> Sequence[PublicKey]:
        """The public keys that verify the signatures of codes; the key that signs now is first."""
        return self.signer.public_keys()

    def apple_pass(self, *, ticket_id: TicketId, user_id: UserId) -> bytes:
        """A ``.pkpass`` of the user's ticket.

        Raises:
            WalletNotConfigured: the shop has no certificate of Apple's.
            TicketNotFound: there is no such ticket, or it is another account's.
        """
        if self.apple is None:
            raise WalletNotConfigured("Apple Wallet")
        ticket = self.get(ticket_id=ticket_id, user_id=user_id)
        return self.apple.pass_file(self.printed(ticket), code=self.code(ticket))

    def google_link(self, *, ticket_id: TicketId, user_id: UserId) -> str:
        """The address that saves the user's ticket.

        Raises:
            WalletNotConfigured: the shop has no service account of Google's.
            TicketNotFound: there is no such ticket, or it is another account's.
        """
        if self.google is None:
            raise WalletNotConfigured("Google Wallet")
        ticket = self.get(ticket_id=ticket_id, user_id=user_id)
        return self.google.save_link(
            self.printed(ticket),
            code=self.code(ticket),
            now=self.clock.now(),
        )
