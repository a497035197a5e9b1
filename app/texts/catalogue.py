"""The words of pages, mails and tickets, in the language of who reads them.

The code and the templates hold the English words; ``locales/fr.po`` holds the French ones.
``make texts`` writes new words into it, and ``make check`` refuses one without its French.
"""

import gettext as standard
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.domain.languages import Language

LOCALES: Final = Path(__file__).with_name("locales")

READER: Final = ContextVar[Callable[[], Language]]("reader", default=lambda: Language.ENGLISH)
"""Tells the language of who reads what is being written. It is asked only if words are needed."""

OF_REFUSALS: Final = "refusal"
"""The comment of sentences in the catalogue that ``told`` looks for."""

Pieces = tuple[str, ...]


def language() -> Language:
    """The language of who reads what is being written."""
    return READER.get()()


@contextmanager
def written_in(chosen: Language) -> Iterator[None]:
    """Write the words of this block in a language."""
    before = READER.set(lambda: chosen)
    try:
        yield
    finally:
        READER.reset(before)


def translated(text: str) -> str:
    """The words in the reader's language; what is not in the catalogue stays as it is."""
    return _words_in(language()).gettext(text) if text else text


def _(text: str, **values: object) -> str:
    """The words in the reader's language, with values where they say ``%(name)s``."""
    found = translated(text)
    return found % values if values else found


def ngettext(one: str, many: str, number: int) -> str:
    """The words for this number of things, in the reader's language."""
    return _words_in(language()).ngettext(one, many, number)


def told(refusal: str) -> str:
    """The sentence of a refusal, or of a rule that a field broke, in the reader's language.

    Programs are told it in English, with its values. The catalogue has it with ``{names}`` in their
    places, so it is found by the words between them.
    """
    words = _words_in(language())
    exact = words.gettext(refusal) if refusal else refusal
    if exact != refusal or language() is Language.ENGLISH:
        return exact
    for pieces, names, other in _with_places(language()):
        values = _between(pieces, refusal)
        if values is not None:
            return _filled(other, dict(zip(names, map(told, values), strict=True)))
    return refusal


@cache
def _words_in(chosen: Language) -> standard.NullTranslations:
    """The catalogue of a language. It is read when its first word is needed."""
    if chosen is Language.ENGLISH:
        return standard.NullTranslations()
    with (LOCALES / f"{chosen}.po").open("rb") as file:
        catalogue = read_po(file, locale=chosen)
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return standard.GNUTranslations(compiled)


@cache
def _with_places(chosen: Language) -> Sequence[tuple[Pieces, Sequence[str], str]]:
    """The sentences of refusals that hold values; those with the most words of their own first."""
    with (LOCALES / f"{chosen}.po").open("rb") as file:
        catalogue = read_po(file, locale=chosen)
    found = []
    for message in catalogue:
        if isinstance(message.id, str) and OF_REFUSALS in message.auto_comments:
            pieces, names = split_at_places(message.id)
            if names:
                found.append((pieces, names, str(message.string)))
    return sorted(found, key=lambda each: -sum(map(len, each[0])))


def split_at_places(text: str) -> tuple[Pieces, Sequence[str]]:
    """The words around the ``{names}`` of a text, and the names."""
    pieces, names, rest = [], [], text
    while "{" in rest:
        before, _brace, rest = rest.partition("{")
        name, _brace, rest = rest.partition("}")
        pieces.append(before)
        names.append(name)
    return (*pieces, rest), names


def _between(pieces: Pieces, text: str) -> list[str] | None:
    """What stands between the pieces, if the text is made of them in this order."""
    first, *middle = pieces
    if not text.startswith(first):
        return None
    values, at = [], len(first)
    for number, piece in enumerate(middle, start=1):
        is_last = number == len(middle)
        end = len(text) - len(piece) if is_last else text.find(piece, at)
        if end < at or not text.startswith(piece, end):
            return None
        values.append(text[at:end])
        at = end + len(piece)
    return values


def _filled(text: str, values: dict[str, str]) -> str:
    pieces, names = split_at_places(text)
    return "".join(
        piece + value
        for piece, value in zip(pieces, [*(values[name] for name in names), ""], strict=True)
    )
