"""Lines of text for a page, in fonts with the letters of West Africa."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont

PLAIN, BOLD = "DejaVuSans", "DejaVuSans-Bold"

_FONTS: Final = Path(__file__).with_name("fonts")
_INVISIBLE: Final = {"Cc", "Cf"}


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; ``size`` and ``leading``, from line to line, in points."""

    font: str
    size: float
    leading: float


def _known_letters() -> frozenset[int]:
    """Makes the fonts known to ReportLab; all of them have these letters."""
    known = []
    for name in (PLAIN, BOLD):
        font = TTFont(name, _FONTS / f"{name}.ttf")
        registerFont(font)
        known.append(font.face.charToGlyph.keys())
    return frozenset(known[0] & known[1])


_KNOWN: Final = _known_letters()


def wrapped(text: str, style: Style, width: float) -> list[str]:
    """The text in lines no wider than ``width`` points; what has no space is broken anywhere."""
    lines = []
    for paragraph in text.splitlines():
        line = ""
        for word in _printable(paragraph).split():
            for piece in _pieces(word, style, width):
                longer = f"{line} {piece}" if line else piece
                if line and stringWidth(longer, style.font, style.size) > width:
                    lines.append(line)
                    line = piece
                else:
                    line = longer
        lines.append(line)
    return lines


def _pieces(word: str, style: Style, width: float) -> Iterator[str]:
    if stringWidth(word, style.font, style.size) <= width:
        yield word
        return
    begin, used = 0, 0.0
    for at, letter in enumerate(word):
        # Accents that stand alone are no wider than nothing: they stay with their letter.
        used += (room := stringWidth(letter, style.font, style.size))
        if used > width:
            yield word[begin:at]
            begin, used = at, room
    yield word[begin:]


def _printable(text: str) -> str:
    """Without what cannot be drawn and would not be missed, such as emoji.

    A letter the fonts lack stays, and is seen as a box.
    """
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    return "".join(letter for letter in composed if _is_printable(letter))


def _is_printable(letter: str) -> bool:
    category = unicodedata.category(letter)
    if category in _INVISIBLE:
        return False
    return ord(letter) in _KNOWN or category[0] in "LN"
