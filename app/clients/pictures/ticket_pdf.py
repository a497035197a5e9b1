"""Tickets as PDF files."""

from functools import lru_cache
from threading import Lock

from app.domain.listings import PrintedTicket
from app.texts.catalogue import written_in


class PdfTickets:
    """Lays tickets out for paper and keeps the last ones.

    ReportLab takes a sixth of a second to load and is not needed by most processes, so it is loaded
    with the first ticket. It keeps its place in a font's file while it reads it: one at a time.

    Args:
        max_cached: how many files to keep, about 30 kB each, and more with a logo.
    """

    def __init__(self, max_cached: int = 256) -> None:
        self._drawing = Lock()
        self._drawn = lru_cache(maxsize=max_cached)(self._draw)

    def pdf(self, printed: PrintedTicket, *, code: str, logo: bytes | None = None) -> bytes:
        """A PDF with the code as a QR code; the same ticket gives the same bytes."""
        return self._drawn(printed, code, logo)

    def _draw(self, printed: PrintedTicket, code: str, logo: bytes | None) -> bytes:
        from app.clients.pictures.paper_ticket import draw

        with self._drawing, written_in(printed.language):
            return draw(printed, code, logo)
