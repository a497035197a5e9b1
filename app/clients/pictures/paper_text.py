"""Lines of text for a page, as they are read: letters joined, and in the order of the eye."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from arabic_reshaper import ArabicReshaper
from bidi.algorithm import get_base_level, get_display

from app.clients.pictures.paper_fonts import UNKNOWN, drawable, width_of

_RIGHT_TO_LEFT: Final = frozenset({"R", "AL"})
_MARKS: Final = {"L": "\N{LEFT-TO-RIGHT MARK}", "R": "\N{RIGHT-TO-LEFT MARK}"}
_OPENING, _CLOSING = re.compile(r"[(\[{]"), re.compile(r"[)\]}]")
"""Brackets. The library does not pair them (UAX 9, rule N0); marks outside of them do as well."""
_JOINER: Final = ArabicReshaper({"delete_harakat": False, "support_ligatures": False})
"""Ligatures would be wider or narrower than their letters are when a line is broken."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks; ``size`` and ``leading``, from line to line, in points."""

    font: str
    size: float
    leading: float


def wrapped(text: str, style: Style, width: float) -> list[str]:
    """The text in lines no wider than ``width`` points; what has no space is broken anywhere.

    Lines are broken as they are written, and each is then put in the order in which it is seen.
    """
    lines: list[str] = []
    for paragraph in text.splitlines():
        written = _printable(paragraph)
        runs_back = any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in written)
        broken = _broken(_JOINER.reshape(written) if runs_back else written, style, width)
        if runs_back:
            direction = "RL"[get_base_level(written) == 0]
            broken = (_as_seen(line, direction) for line in broken)
        lines.extend(broken)
    return lines


def _as_seen(line: str, direction: str) -> str:
    """The line in the order of the eye, left to right; ``direction`` is the paragraph's."""
    mark = _MARKS[direction]
    marked = _CLOSING.sub(rf"\g<0>{mark}", _OPENING.sub(rf"{mark}\g<0>", line))
    return str(get_display(marked, base_dir=direction)).replace(mark, "")


def has_unknown(text: str) -> bool:
    """Whether some letter of the text cannot be drawn."""
    return UNKNOWN in _printable(text) and UNKNOWN not in text


def _broken(text: str, style: Style, width: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        for piece in _pieces(word, style, width):
            longer = f"{line} {piece}" if line else piece
            if line and width_of(longer, style.font, style.size) > width:
                yield line
                line = piece
            else:
                line = longer
    yield line


def _pieces(word: str, style: Style, width: float) -> Iterator[str]:
    if width_of(word, style.font, style.size) <= width:
        yield word
        return
    begin, used = 0, 0.0
    for at, letter in enumerate(word):
        # Accents that stand alone are no wider than nothing: they stay with their letter.
        used += (room := width_of(letter, style.font, style.size))
        if used > width:
            yield word[begin:at]
            begin, used = at, room
    yield word[begin:]


def _printable(text: str) -> str:
    """The text with what can be drawn of it; every letter leaves something to be seen."""
    composed = unicodedata.normalize("NFC", text.replace("\t", " "))
    return "".join(drawable(letter) for letter in composed)
