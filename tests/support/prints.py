"""Tickets as they are printed, and pictures read as a scanner reads them."""

from datetime import UTC, datetime
from io import BytesIO

import pypdfium2
import resvg_py
from PIL import Image

from app.domain.ids import EventId, OrderId, TicketId, UserId
from app.domain.languages import Language
from app.domain.listings import PrintedTicket, TicketListing, TicketPaper
from app.domain.states import TicketStatus

YORUBA_TITLE = "Ọjọ́ Àjọ̀dún Orin: Fête de la Musique à Lagos"
TERMS = "Ẹ má ṣe mú oúnjẹ wọlé.\nRefunded tickets cost ₦500; les fauteuils sont réservés."
DOTS_PER_POINT = 2


def make_print(
    *,
    title: str = YORUBA_TITLE,
    location: str = "Freedom Park, Broad Street, Lagos Island",
    starts_at: datetime = datetime(2030, 6, 1, 18, tzinfo=UTC),
    ends_at: datetime | None = datetime(2030, 6, 1, 22, 30, tzinfo=UTC),
    all_day: bool = False,
    status: TicketStatus = TicketStatus.VALID,
    revoked_at: datetime | None = None,
    paid_minor: int = 1_250_000,
    currency: str = "NGN",
    holder: str = "Adébáyọ̀ Ọláńrewájú",
    organizer: str | None = "Ilé Orin",
    terms: str | None = TERMS,
    language: Language | None = None,
) -> PrintedTicket:
    ticket = TicketListing(
        id=TicketId(482),
        user_id=UserId(1),
        short_code="7K3M-9QXW-0A1B-ZYXW",
        link_key="unguessable",
        version=1,
        key_id=1,
        ticket_type="Regular",
        attendee_name=None,
        purchase_date=datetime(2030, 5, 1, tzinfo=UTC),
        used_at=None,
        event_id=EventId(12),
        event_title=title,
        event_location=location,
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        time_zone="Africa/Lagos",
        status=status,
        revoked_at=revoked_at,
    )
    paper = TicketPaper(
        order_id=OrderId(311),
        number=2,
        paid_minor=paid_minor,
        currency=currency,
        holder=holder,
        organizer=organizer,
        terms=terms,
        language=language,
    )
    return PrintedTicket(ticket, paper)


def png_pixels(png: bytes) -> Image.Image:
    return Image.open(BytesIO(png)).convert("L")


def svg_pixels(svg: bytes) -> Image.Image:
    return png_pixels(bytes(resvg_py.svg_to_bytes(svg_string=svg.decode())))


def pdf_pixels(pdf: bytes) -> Image.Image:
    """The first page, at 144 dots an inch."""
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[0].render(scale=DOTS_PER_POINT).to_pil().convert("L")
    document.close()
    return picture


def pdf_text(pdf: bytes) -> list[str]:
    """What is written on each page."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return pages
