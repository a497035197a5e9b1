"""One ticket on A4. The only place that knows ReportLab; see ``ticket_pdf.py`` for why.

Texts are drawn line by line, never as ReportLab's markup, which can run code.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from typing import Final

from PIL import Image
from reportlab import rl_config
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from app.clients.pictures.paper_fonts import BOLD, PLAIN, UNKNOWN, in_fonts, width_of
from app.clients.pictures.paper_text import Style, has_unknown, wrapped
from app.clients.pictures.qr import dark_runs, modules_of
from app.domain.events.schedules import When
from app.domain.listings import PrintedTicket
from app.domain.looks import ink_on
from app.texts.amounts import FREE, written
from app.texts.catalogue import _, language, translated
from app.texts.moments import day, day_number, moment, month, zone

# Pages as they are packed: written as letters they are a quarter longer and take longer.
rl_config.useA85 = 0

_PAGE_WIDTH, _PAGE_HEIGHT = A4
_MARGIN: Final = 40.0
_PADDING: Final = 22.0
_CARD_WIDTH: Final = _PAGE_WIDTH - 2 * _MARGIN
_QR_SIDE: Final = 190.0
_QR_LEFT: Final = _PAGE_WIDTH - _MARGIN - _PADDING - _QR_SIDE
_TEXT_LEFT: Final = _MARGIN + _PADDING
_TEXT_WIDTH: Final = _QR_LEFT - _TEXT_LEFT - _PADDING
_ROUNDING: Final = 10.0
_LOGO_WIDTH, _LOGO_HEIGHT, _LOGO_EDGE = 100.0, 44.0, 5.0
_LOGO_PIXELS: Final = 240
"""Of a logo on paper, in each direction: more would make the file large, and not be seen."""

_INK, _GREY, _LINE = HexColor("#12181f"), HexColor("#5b6672"), HexColor("#c8ced5")
_PAPER, _PALE, _RED = HexColor("#ffffff"), HexColor("#b9c4d0"), HexColor("#b3261e")

_TITLES: Final = (Style(BOLD, 24, 30), Style(BOLD, 18, 23), Style(BOLD, 14, 18))
_ABOVE_TITLE: Final = Style(PLAIN, 10, 20)
_LABEL: Final = Style(PLAIN, 8.5, 14)
_VALUE: Final = Style(BOLD, 11.5, 15)
_CODE: Final = Style(BOLD, 13, 22)
_SMALL: Final = Style(PLAIN, 8, 11)
_HEADING: Final = Style(BOLD, 10, 18)
_TERMS: Final = Style(PLAIN, 9, 13)
_BETWEEN_FIELDS: Final = 9.0
_MOST_TITLE_LINES: Final = 3


def draw(printed: PrintedTicket, code: str, logo: bytes | None) -> bytes:
    """The PDF: one page, and more only for long terms. The same ticket gives the same bytes.

    ``logo``: a PNG that the shop has drawn itself.
    """
    file = BytesIO()
    canvas = Canvas(file, pagesize=A4, invariant=1, pageCompression=1, lang=language())
    title = _(
        "Ticket %(number)s: %(event)s", number=printed.ticket.id, event=printed.ticket.event_title
    )
    canvas.setTitle(title)
    canvas.setAuthor(printed.paper.organizer or "")
    canvas.setCreator("Event Ticketing System")
    bottom = _card(canvas, printed, code, logo)
    if printed.paper.terms:
        _terms(canvas, printed.paper.terms, bottom - 30)
    canvas.save()
    return file.getvalue()


def _card(canvas: Canvas, printed: PrintedTicket, code: str, logo: bytes | None) -> float:
    """The ticket itself; tells where it ends."""
    top = _PAGE_HEIGHT - _MARGIN
    below_title = _title(canvas, printed, top, logo)
    left = _fields(canvas, printed, below_title - _PADDING)
    right = _code(canvas, code, printed.ticket.short_code, below_title - _PADDING)
    bottom = min(left, right) - _PADDING
    canvas.setStrokeColor(_LINE)
    canvas.roundRect(_MARGIN, bottom, _CARD_WIDTH, top - bottom, _ROUNDING)
    return bottom


def _title(canvas: Canvas, printed: PrintedTicket, top: float, logo: bytes | None) -> float:
    """The band with the event's title, as large as fits into a few lines, and the logo.

    It is dark, or has the colour of the organization.
    """
    width = _CARD_WIDTH - 2 * _PADDING - (_LOGO_WIDTH + _PADDING if logo else 0)
    for style in _TITLES:
        lines = wrapped(printed.ticket.event_title, style, width)
        if len(lines) <= _MOST_TITLE_LINES:
            break
    above = wrapped(printed.paper.organizer or _("Ticket"), _ABOVE_TITLE, width)
    height = len(above) * _ABOVE_TITLE.leading + len(lines) * style.leading + 1.4 * _PADDING
    height = max(height, _LOGO_HEIGHT + 1.4 * _PADDING if logo else 0)
    band, above_ink, ink = _band_colours(printed.colour)
    canvas.setFillColor(band)
    canvas.roundRect(_MARGIN, top - height, _CARD_WIDTH, height, _ROUNDING, stroke=0, fill=1)
    canvas.rect(_MARGIN, top - height, _CARD_WIDTH, _ROUNDING, stroke=0, fill=1)
    canvas.setFillColor(above_ink)
    y = _write(canvas, above, _ABOVE_TITLE, _TEXT_LEFT, top - 0.7 * _PADDING)
    canvas.setFillColor(ink)
    _write(canvas, lines, style, _TEXT_LEFT, y)
    if logo:
        _logo(canvas, logo, top - height / 2)
    return top - height


def _band_colours(colour: str | None) -> tuple[Color, Color, Color]:
    """Of the band, of the line above the title, and of the title."""
    if colour is None:
        return _INK, _PALE, _PAPER
    ink = HexColor(ink_on(colour))
    return HexColor(colour), ink, ink


def _logo(canvas: Canvas, logo: bytes, middle: float) -> None:
    """The logo on a white plate at the right of the band, its middle at this height."""
    left = _PAGE_WIDTH - _MARGIN - _PADDING - _LOGO_WIDTH
    bottom = middle - _LOGO_HEIGHT / 2
    canvas.setFillColor(_PAPER)
    canvas.roundRect(left, bottom, _LOGO_WIDTH, _LOGO_HEIGHT, _LOGO_EDGE, stroke=0, fill=1)
    with Image.open(BytesIO(logo)) as picture:
        picture.thumbnail((_LOGO_PIXELS, _LOGO_PIXELS))
        canvas.drawImage(
            ImageReader(picture),
            left + _LOGO_EDGE,
            bottom + _LOGO_EDGE,
            _LOGO_WIDTH - 2 * _LOGO_EDGE,
            _LOGO_HEIGHT - 2 * _LOGO_EDGE,
            mask="auto",
            preserveAspectRatio=True,
            anchor="c",
        )


def _fields(canvas: Canvas, printed: PrintedTicket, y: float) -> float:
    if printed.why_not_good:
        canvas.setFillColor(_RED)
        why = translated(printed.why_not_good)
        notice = _("This ticket was %(why)s: it opens no door.", why=why)
        y = _write(canvas, wrapped(notice, _VALUE, _TEXT_WIDTH), _VALUE, _TEXT_LEFT, y)
        y -= _BETWEEN_FIELDS
    for label, value in _facts(printed):
        canvas.setFillColor(_GREY)
        y = _write(canvas, [label], _LABEL, _TEXT_LEFT, y)
        canvas.setFillColor(_INK)
        y = _write(canvas, wrapped(value, _VALUE, _TEXT_WIDTH), _VALUE, _TEXT_LEFT, y)
        y -= _BETWEEN_FIELDS
    if any(has_unknown(text) for text in _texts(printed)):
        canvas.setFillColor(_GREY)
        notice = _(
            "%(letter)s is a letter that cannot be printed here; the ticket's page shows it.",
            letter=UNKNOWN,
        )
        y = _write(canvas, wrapped(notice, _SMALL, _TEXT_WIDTH), _SMALL, _TEXT_LEFT, y)
        y -= _BETWEEN_FIELDS
    return y + _BETWEEN_FIELDS


def _texts(printed: PrintedTicket) -> Iterator[str]:
    """What people have written."""
    ticket, paper = printed.ticket, printed.paper
    yield from (ticket.event_title, ticket.event_location, ticket.ticket_type, paper.holder)
    yield from (paper.organizer or "", paper.terms or "")


def _when(when: When) -> str:
    """The day, and in another line the hours; or whole days."""
    if when.all_day:
        return moment(when)
    starts_at, ends_at = when.starts_at, when.ends_at
    if ends_at is None:
        hours = f"{starts_at:%H:%M}"
    elif ends_at.date() == starts_at.date():
        hours = _("%(start)s to %(end)s", start=f"{starts_at:%H:%M}", end=f"{ends_at:%H:%M}")
    else:
        end = f"{day_number(ends_at)} {month(ends_at)}, {ends_at:%H:%M}"
        hours = _("%(start)s until %(end)s", start=f"{starts_at:%H:%M}", end=end)
    return f"{day(starts_at)}\n{hours} ({zone(starts_at)})"


def _facts(printed: PrintedTicket) -> Iterator[tuple[str, str]]:
    ticket = printed.ticket
    yield _("When"), _when(ticket.when)
    yield _("Where"), ticket.event_location
    yield _("Ticket"), ticket.ticket_type
    yield _("Holder"), printed.paper.holder
    yield _("Price paid"), _(FREE) if printed.paid.is_free else written(printed.paid)
    yield (
        _("Number"),
        _(
            "Ticket %(ticket)s, number %(number)s of order %(order)s",
            ticket=ticket.id,
            number=printed.paper.number,
            order=printed.paper.order_id,
        ),
    )


def _code(canvas: Canvas, code: str, short_code: str, top: float) -> float:
    rows = modules_of(code)
    unit = _QR_SIDE / len(rows)
    canvas.saveState()
    canvas.setFillColor(_INK)
    canvas.translate(_QR_LEFT, top)
    canvas.scale(unit, -unit)
    # Whole numbers, and one path for all: spelled by hand, as ReportLab takes its time over each.
    runs = (f"{x} {y} {length} 1 re" for x, y, length in dark_runs(rows))
    canvas.addLiteral(" ".join((*runs, "f")))
    canvas.restoreState()
    canvas.setFillColor(_INK)
    middle = _QR_LEFT + _QR_SIDE / 2
    canvas.setFont(_CODE.font, _CODE.size)
    y = top - _QR_SIDE - _CODE.leading
    canvas.drawCentredString(middle, y, short_code)
    canvas.setFillColor(_GREY)
    canvas.setFont(_SMALL.font, _SMALL.size)
    y -= _SMALL.leading / 2
    for line in (_("Show this code at the door."), _("Anyone who has it has the ticket.")):
        y -= _SMALL.leading
        canvas.drawCentredString(middle, y, line)
    return y


def _terms(canvas: Canvas, terms: str, y: float) -> None:
    """The terms, on as many pages as they take."""
    canvas.setFillColor(_INK)
    y = _write(canvas, [_("Terms")], _HEADING, _TEXT_LEFT, y)
    canvas.setFillColor(_GREY)
    for line in wrapped(terms, _TERMS, _CARD_WIDTH - 2 * _PADDING):
        if y < _MARGIN + _TERMS.leading:
            canvas.showPage()
            canvas.setFillColor(_GREY)
            y = _PAGE_HEIGHT - _MARGIN
        y = _write(canvas, [line], _TERMS, _TEXT_LEFT, y)


def _write(canvas: Canvas, lines: Sequence[str], style: Style, x: float, y: float) -> float:
    """Lines below ``y``; tells where the next thing may begin."""
    for line in lines:
        y -= style.leading
        at = x
        for font, piece in in_fonts(line, style.font):
            canvas.setFont(font, style.size)
            canvas.drawString(at, y + (style.leading - style.size) / 2 + 0.2 * style.size, piece)
            at += width_of(piece, font, style.size)
    return y
