"""Fonts for paper, and which of them has which letter.

DejaVu has the letters of West Africa, and Latin, Greek, Cyrillic, Arabic and Hebrew ones. What it
lacks is looked for in Noto fonts, in one weight. A letter no font has is drawn as ``UNKNOWN``.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Final

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"
UNKNOWN: Final = "\N{WHITE SQUARE}"
"""Stands for a letter that cannot be drawn: a text says that there was one, not nothing."""

_HERE: Final = Path(__file__).parent
_OTHERS: Final = {
    "NotoEmoji": "noto/emoji/NotoEmoji_400Regular.ttf",
    "NotoSansEthiopic": "noto/ethiopic/NotoSansEthiopic_400Regular.ttf",
    "NotoSansThai": "noto/thai/NotoSansThai_400Regular.ttf",
}
_UNSEEN: Final = re.compile("[\ufe00-\ufe0f]")
"""Variation selectors: they choose between pictures, and have none."""


def _registered(name: str, file: str) -> frozenset[int]:
    """Makes the font known to ReportLab; tells the code points it draws."""
    font = TTFont(name, _HERE / file)
    registerFont(font)
    return frozenset(font.face.charToGlyph)


_DEJAVU: Final = _registered(PLAIN, f"fonts/{PLAIN}.ttf") & _registered(BOLD, f"fonts/{BOLD}.ttf")


@lru_cache(maxsize=1)
def _others() -> dict[str, frozenset[int]]:
    """The other fonts' letters. Read when first needed: that takes a tenth of a second."""
    return {name: _registered(name, file) for name, file in _OTHERS.items()}


@lru_cache(maxsize=4096)
def _font_of(letter: str) -> str | None:
    """Another font that has the letter. An empty name: DejaVu has it. ``None``: no font does."""
    if ord(letter) in _DEJAVU:
        return ""
    return next((name for name, letters in _others().items() if ord(letter) in letters), None)


def drawable(letter: str) -> str:
    """What is drawn for a letter: itself, ``UNKNOWN``, or nothing if there is nothing to see."""
    category = unicodedata.category(letter)
    if category in {"Cc", "Cf"} or _UNSEEN.match(letter):
        return ""
    if _font_of(letter) is not None:
        return letter
    # A mark stands on a letter, which is drawn or has a square of its own.
    return "" if category in {"Mn", "Me"} else UNKNOWN


def in_fonts(text: str, font: str) -> Iterator[tuple[str, str]]:
    """The text in pieces, each with the font it is drawn in: ``font`` as far as that has it."""
    for other, letters in groupby(text, _font_of):
        yield other or font, "".join(letters)


def width_of(text: str, font: str, size: float) -> float:
    """How wide the text is, in points."""
    return sum(stringWidth(piece, name, size) for name, piece in in_fonts(text, font))
