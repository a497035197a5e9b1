"""QR codes of tickets (ISO/IEC 18004) as PNG and SVG: `qrcode` encodes, Pillow draws."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Final

from PIL import Image, ImageDraw, ImageFont
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.pil import PilImage
from qrcode.main import QRCode

from app.domain.ports import DEFAULT_PIXELS

Rows = Sequence[Sequence[bool]]
"""A square of modules, row after row; true is dark."""

MASK: Final = 2
"""One mask for every code. Scoring all eight takes many times as long and reads no better."""

QUIET_ZONE: Final = 4
"""White modules around the code, as the standard asks."""

_CAPTION: Final = 5
"""Modules kept free under the quiet zone for the caption, at least."""

_EM: Final = 0.75
"""Height of the caption's em, as a share of the strip under the code."""

_WIDEST: Final = 0.95
"""Width of the caption at most, as a share of the picture's."""

_LETTER_WIDTH: Final = 0.602
"""Of an em. All letters of the font are equally wide."""

_COMPRESSION: Final = 4
"""zlib's level. Takes two thirds of the time of level 6, and three per cent more room."""

_WHITE: Final = 1
_FONT: Final = Path(__file__).with_name("fonts") / "DejaVuSansMono-Bold.ttf"
_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class QrCodes:
    """Draws QR codes with error correction M and keeps the last ones drawn.

    Args:
        max_cached: how many drawings to keep, one to ten kilobytes each.
    """

    def __init__(self, max_cached: int = 2048) -> None:
        self._drawn = lru_cache(maxsize=max_cached)(_draw)

    def png(self, text: str, *, caption: str = "", pixels: int = DEFAULT_PIXELS) -> bytes:
        """A black-and-white PNG with the quiet zone a scanner needs.

        Its modules are as many whole pixels wide as fit, so that none is blurred. Only a code that
        needs more pixels than asked for gets more.

        Raises:
            ValueError: the text is longer than a QR code holds, or no text.
        """
        return self._drawn(text, caption, pixels)

    def svg(
        self, text: str, *, title: str, caption: str = "", pixels: int = DEFAULT_PIXELS
    ) -> bytes:
        """The same as an SVG, for print; ``title`` is what a screen reader says.

        Raises:
            ValueError: the text is longer than a QR code holds, or no text.
        """
        rows = modules_of(text)
        wide = len(rows) + 2 * QUIET_ZONE
        high = wide + (_CAPTION if caption else 0)
        scale = max(1, pixels // high)
        path = "".join(
            f"M{x + QUIET_ZONE} {y + QUIET_ZONE}h{length}v1h-{length}z"
            for x, y, length in dark_runs(rows)
        )
        below = (
            f'<text x="{wide / 2:g}" y="{wide + 2}" font-size="3.5" font-weight="bold" '
            f'font-family="DejaVu Sans Mono, monospace" text-anchor="middle" '
            f'textLength="{len(rows)}">{escape(caption)}</text>'
            if caption
            else ""
        )
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" '
            f'width="{wide * scale}" height="{high * scale}" role="img">'
            f"<title>{escape(_NOT_IN_XML.sub('', title))}</title>"
            f'<rect width="{wide}" height="{high}" fill="#fff"/>'
            f'<path shape-rendering="crispEdges" d="{path}"/>{below}</svg>'
        ).encode()


def modules_of(text: str) -> Rows:
    """The modules of a text's code with error correction M, without the quiet zone.

    Raises:
        ValueError: the text is longer than a QR code holds, or no text.
    """
    code = QRCode[PilImage](error_correction=ERROR_CORRECT_M, mask_pattern=MASK)
    code.add_data(text, optimize=0)
    code.make()
    return [[bool(module) for module in row] for row in code.modules]


def dark_runs(rows: Rows) -> Iterator[tuple[int, int, int]]:
    """Column, row and length of each unbroken run of dark modules."""
    for y, row in enumerate(rows):
        begin = 0
        for is_dark, run in groupby(row):
            length = len(list(run))
            if is_dark:
                yield begin, y, length
            begin += length


def png_file(picture: Image.Image) -> bytes:
    """The picture as a PNG file."""
    file = BytesIO()
    picture.save(file, "PNG", compress_level=_COMPRESSION)
    return file.getvalue()


def _draw(text: str, caption: str, pixels: int) -> bytes:
    rows = modules_of(text)
    side = len(rows) + 2 * QUIET_ZONE
    scale = max(1, pixels // (side + (_CAPTION if caption else 0)))
    width = max(pixels, side * scale)
    picture = Image.new("1", (width, width), _WHITE)
    code = Image.new("1", (len(rows), len(rows)))
    code.putdata([not module for row in rows for module in row])
    left = (width - code.width * scale) // 2
    top = QUIET_ZONE * scale if caption else left
    large = code.resize((code.width * scale, code.height * scale), Image.Resampling.NEAREST)
    picture.paste(large, (left, top))
    if caption:
        _write(picture, caption, height=width - side * scale)
    return png_file(picture)


def _write(picture: Image.Image, caption: str, *, height: int) -> None:
    """Write in the middle of the lowest ``height`` pixels, in letters as large as fit."""
    widest = picture.width * _WIDEST / (_LETTER_WIDTH * len(caption))
    font = _font(max(1, int(min(height * _EM, widest))))
    middle = (picture.width / 2, picture.height - height / 2)
    ImageDraw.Draw(picture).text(middle, caption, font=font, fill=0, anchor="mm")


@lru_cache(maxsize=64)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, size)
