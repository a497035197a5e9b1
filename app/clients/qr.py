"""QR codes of tickets, drawn as pictures.

The mask is the same for every code: to score all eight for each takes many times as long and gains
nothing. ``benchmarks/qr_masks.py``, 300 random ticket codes, share that zxing-cpp still read:

====== ======= ======= ========= ====== ============
mask   rotated blurred quartered  faded photographed
====== ======= ======= ========= ====== ============
scored    100%   19.0%      100%   100%        74.0%
0         100%   17.7%      100%   100%        72.7%
1         100%   20.7%      100%   100%        73.7%
2         100%   21.3%      100%   100%        75.3%
3         100%   21.3%      100%   100%        73.3%
4         100%   19.0%      100%   100%        73.3%
5         100%   19.7%      100%   100%        72.7%
6         100%   18.3%      100%   100%        74.3%
7         100%   20.3%      100%   100%        73.0%
====== ======= ======= ========= ====== ============
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from typing import Final

from app.clients.png import png_of, written
from app.clients.qr_modules import MASK, QUIET_ZONE, Rows, dark_runs, modules_of
from app.domain.ports import DEFAULT_PIXELS

_NOT_IN_XML: Final = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_CAPTION: Final = 5
"""Modules kept free under the quiet zone for the caption, at least."""

_LETTER: Final = 0.75
"""How much of its room's height an em of the caption takes."""

_LETTER_WIDTH: Final = 0.602
"""Of an em, in the font's own measure."""

_ACROSS: Final = 0.95
"""How much of the picture's width a caption takes at most."""

_BLACK, _WHITE = "0", "1"


class QrCodes:
    """Draws QR codes with error correction M and keeps the last ones drawn.

    Args:
        max_cached: how many drawings to keep, one to ten kilobytes each.
    """

    def __init__(self, max_cached: int = 2048) -> None:
        self._drawn = lru_cache(maxsize=max_cached)(draw)

    def png(self, text: str, *, caption: str = "", pixels: int = DEFAULT_PIXELS) -> bytes:
        """A black-and-white PNG with the quiet zone a scanner needs.

        Its modules are as many whole pixels wide as fit, so that none is blurred. Only a code that
        needs more pixels than asked for gets more.

        Raises:
            ValueError: the text is longer than a QR code holds, or no text.
        """
        return self._drawn(text, caption=caption, pixels=pixels)

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


def draw(text: str, *, caption: str = "", pixels: int = DEFAULT_PIXELS, mask: int = MASK) -> bytes:
    """The PNG of a text; see ``QrCodes``.

    Raises:
        ValueError: the text is longer than a QR code holds, or no text.
    """
    return paint(modules_of(text, mask=mask), caption=caption, pixels=pixels)


def paint(rows: Rows, *, caption: str = "", pixels: int = DEFAULT_PIXELS) -> bytes:
    """The PNG of a code's modules."""
    side = len(rows) + 2 * QUIET_ZONE
    scale = max(1, pixels // (side + (_CAPTION if caption else 0)))
    width = max(pixels, side * scale)
    lines = [*_code(rows, scale, width)]
    below = width - side * scale
    if caption:
        lines += _caption(caption, width, below)
    elif below:
        lines = [(_WHITE * width, below // 2), *lines, (_WHITE * width, below - below // 2)]
    return png_of([line for line in lines if line[1]], width=width)


def _code(rows: Rows, scale: int, width: int) -> Iterator[tuple[str, int]]:
    free = width - len(rows) * scale
    left, right = _WHITE * (free // 2), _WHITE * (free - free // 2)
    dark, light = _BLACK * scale, _WHITE * scale
    edge = (_WHITE * width, QUIET_ZONE * scale)
    yield edge
    for row in rows:
        # By way of another letter: dark pixels are written as light modules are.
        pixels = row.replace("1", "#").replace("0", light).replace("#", dark)
        yield left + pixels + right, scale
    yield edge


def _caption(text: str, width: int, height: int) -> Iterator[tuple[str, int]]:
    """The text in the middle of a strip below the code, in letters as large as fit."""
    size = int(min(height * _LETTER, width * _ACROSS / (_LETTER_WIDTH * len(text))))
    lines = written(text, size=max(size, 1))
    above = (height - len(lines)) // 2
    free = width - len(lines[0])
    yield _WHITE * width, above
    for line in lines:
        yield _WHITE * (free // 2) + line + _WHITE * (free - free // 2), 1
    yield _WHITE * width, height - above - len(lines)
