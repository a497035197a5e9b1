"""The languages people read."""

from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """By its code in BCP 47, as browsers and HTML name it."""

    ENGLISH = "en"
    FRENCH = "fr"


CODES: Final[frozenset[str]] = frozenset(Language)


def language_of(code: str | None) -> Language | None:
    """The language of a code such as ``fr``; ``None``: not one we have words in."""
    return Language(code) if code in CODES else None


def marked(text: str) -> str:
    """The English words as they are; ``make texts`` finds them for pages that translate them."""
    return text
