"""What makes two texts the same to a person."""

import re
import unicodedata
from typing import Final

NOT_IN_A_LINE: Final = (
    r"\x00-\x1f\x7f-\x9f\u2028\u2029"  # controls, line breaks
    r"\u202a-\u202e\u2066-\u2069"  # reordering: text would not read as it is written
)
"""Inside a character class of a regular expression: what a line of text may not have.

Invisible joiners are allowed: without them, family emoji and Persian words fall apart.
"""

# Lone surrogates are no text at all; patterns in schemas need not say so, JSON bodies are checked.
_NO_LINE: Final = re.compile(rf"[{NOT_IN_A_LINE}\ud800-\udfff]")


def is_one_line(text: str) -> bool:
    """Whether the text is a line that reads as it is written."""
    return _NO_LINE.search(text) is None


def one_line(text: str) -> str:
    """The text as a line that every database and mail keeps; what has no place there is U+FFFD."""
    return _NO_LINE.sub("\ufffd", text)


def name_key(text: str) -> str:
    """The form in which names are compared: compatibility-normalized and without case.

    ``Ada@Example.com`` and ``ada@example.COM`` share a key, and so do ``ﬁ`` and ``fi`` (Unicode
    Standard, section 3.13: the caseless match for identifiers).
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def search_key(*texts: str | None) -> str:
    """One line to look words up in, whatever their case: both databases then compare bytes."""
    return "\n".join(name_key(text) for text in texts if text)
