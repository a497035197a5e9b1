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


def has_web_address(text: str) -> bool:
    """Whether a mail program would make a link of a part of the text.

    Full-width letters and other ways to write the same are seen through. For texts of people that
    stand in mails to others: the shop must not carry links for strangers.
    """
    key = name_key(text)
    return "://" in key or "www." in key


def name_key(text: str) -> str:
    """The form in which names are compared: compatibility-normalized and without case.

    ``Ada@Example.com`` and ``ada@example.COM`` share a key, and so do ``ﬁ`` and ``fi`` (Unicode
    Standard, section 3.13: the caseless match for identifiers).
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return unicodedata.normalize("NFKC", folded)


def address_key(email: str) -> str:
    """The form in which e-mail addresses are compared: as names are, but for ß and ς in the domain.

    ``straße.example`` and ``strasse.example`` are two domains of two owners (IDNA 2008, RFC 5894,
    section 7.2), although people take them for one word.
    """
    local, at, domain = unicodedata.normalize("NFKC", email).rpartition("@")
    return f"{name_key(local)}{at}{unicodedata.normalize('NFKC', domain.lower())}"


LONGEST_SORT_KEY: Final = 200
"""Characters, each at most four bytes: a cursor has to hold them (``app/domain/paging.py``)."""


def sort_key(text: str) -> str:
    """The beginning of the text's key: a single character may become eighteen in it."""
    return name_key(text)[:LONGEST_SORT_KEY]


_WORN_BY_A_LETTER: Final = 10
"""From this canonical combining class on, a mark is an accent, a tone or a vowel sign above or
below. Lower ones, such as the voicing of kana, make another letter."""

_AS_TYPED: Final = str.maketrans(
    {
        # Signs that phones and word processors put for those on the keys.
        **dict.fromkeys("\u2018\u2019\u201b\u02bb\u02bc\u02b9\u2032\u00b4\u0060\ua78c", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2212", "-"),
        # Letters that Unicode does not take apart: Turkish, Nordic, Polish, Croatian, Maltese,
        "ı": "i",
        **{"ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ł": "l", "đ": "d", "ħ": "h"},
        # Hausa, Fula, Ewe, Akan.
        **{"ɓ": "b", "ɗ": "d", "ɖ": "d", "ƙ": "k", "ƴ": "y", "ƒ": "f", "ɣ": "g", "ŋ": "n"},
        **{"ʋ": "v", "ɔ": "o", "ɛ": "e", "ɩ": "i", "ʊ": "u"},
    }
)


def search_key(*texts: str | None) -> str:
    """One line to look words up in, as they are typed on a plain keyboard.

    ``Adéṣọlá`` is found as ``adesola``, and each apostrophe by the one on the keys.
    Both databases then compare bytes. Looser than ``name_key``: for finding, never for equality.
    """
    return "\n".join(_as_typed(text) for text in texts if text)


def _as_typed(text: str) -> str:
    # Signs first: the acute accent that stands alone would be taken apart into a blank and a mark.
    folded = unicodedata.normalize("NFKC", text.translate(_AS_TYPED)).casefold()
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", folded)
        if unicodedata.combining(letter) < _WORN_BY_A_LETTER
        and unicodedata.category(letter) != "Cf"
    )
    return unicodedata.normalize("NFC", bare.translate(_AS_TYPED))
