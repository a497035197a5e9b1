"""What makes two texts the same to a person."""

import unicodedata


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
