"""Tickets as people carry them: signed codes, pictures, passes and entries of calendars."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from app.domain.events.schedules import When
from app.domain.listings import PrintedTicket
from app.domain.tickets.ticket_codes import TicketFacts

DEFAULT_PIXELS: Final = 330
"""Of a code's picture: six for each module of a ticket's code."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a key that signs tickets: 32 bytes of Ed25519 (RFC 8032)."""

    key_id: int
    content: bytes


class TicketSigner(Protocol):
    """Signs the codes of tickets, and reads them."""

    @property
    def current_key_id(self) -> int:
        """The number of the key that signs new tickets."""
        ...

    def key_that_signs(self, key_id: int) -> int:
        """The key of this number, or the present one when that one's secret is gone."""
        ...

    def sign(self, facts: TicketFacts, *, key_id: int) -> str:
        """The text of a ticket's QR code; the same facts and key give the same text."""
        ...

    def read(self, text: str) -> TicketFacts:
        """What a code says whose signature is ours.

        Raises:
            CodeUnreadable: the text has not the form of a ticket's code.
            CodeForged: the signature is not ours.
        """
        ...

    def public_keys(self) -> Sequence[PublicKey]:
        """The public keys that verify signatures; the key that signs now is first."""
        ...


class ManifestBoxes(Protocol):
    """Locks what a scanner may know of a ticket into a box that only the ticket's code opens."""

    def seal(self, short_code: str, record: bytes, *, event_id: int) -> tuple[str, str]:
        """The box's label and the box, both base64url; the same each time for the same record."""
        ...


class QrPainter(Protocol):
    """Draws QR codes."""

    def png(self, text: str, *, caption: str = "", pixels: int = DEFAULT_PIXELS) -> bytes:
        """A black-and-white PNG, ``pixels`` wide and high, with the quiet zone a scanner needs.

        The caption is written under the code.
        """
        ...

    def svg(
        self, text: str, *, title: str, caption: str = "", pixels: int = DEFAULT_PIXELS
    ) -> bytes:
        """The same as an SVG, about as large; ``title`` is what a screen reader says."""
        ...


class TicketPrinter(Protocol):
    """Lays tickets out for paper."""

    def pdf(self, printed: PrintedTicket, *, code: str, logo: bytes | None = None) -> bytes:
        """A PDF with the code as a QR code; the same ticket gives the same bytes.

        ``logo``: the file of the organization's logo, drawn by the shop itself.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """An event for a person's calendar. ``uid`` stays the same for ever and everywhere.

    ``revision`` grows with each change; calendars keep the entry with the highest.
    """

    uid: str
    revision: int
    changed_at: datetime
    created_at: datetime
    title: str
    when: When
    location: str
    description: str | None
    category: str | None
    url: str | None
    is_cancelled: bool


class CalendarWriter(Protocol):
    """Writes calendar files."""

    def write(self, entry: CalendarEntry) -> bytes:
        """An iCalendar file (RFC 5545) with this one entry; the same entry, the same bytes."""
        ...


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
