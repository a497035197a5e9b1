"""Keeps the catalogue of French words with the code, and tells what is missing in it.

``python -m scripts.texts`` writes new English words into ``app/texts/locales/fr.po``, without their
French, and takes out what nothing says any more. With ``--check`` it only tells what is not right.
"""

import re
import sys
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from app.domain.languages import Language
from app.texts.catalogue import LOCALES
from scripts.found_texts import ROOT, all_texts
from scripts.unmarked_words import unmarked_words

PLACES: Final = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TAGS: Final = re.compile(r"</?\w[^>]*>")
WIDTH: Final = 100

_HEADER: Final = """\
# French words of the shop's pages, mails and tickets. `make texts` keeps it with the code."""


def file_of(language: Language) -> Path:
    return LOCALES / f"{language}.po"


def read(language: Language) -> Catalog:
    """The catalogue as it is; of one with a merge's conflicts, the words of both sides."""
    first, *others = (
        read_po(BytesIO(side.encode()), locale=language)
        for side in sides_of(file_of(language).read_text(encoding="utf-8"))
    )
    for other in others:
        for message in other:
            if message.id and first.get(message.id) is None:
                first[message.id] = message
    return first


def sides_of(text: str) -> list[str]:
    """The text; or if Git left conflicts in it, the text as each side has it."""
    if "\n<<<<<<< " not in f"\n{text}":
        return [text]
    sides: tuple[list[str], list[str]] = ([], [])
    wanted = (True, True)
    for line in text.splitlines(keepends=True):
        if line.startswith("<<<<<<< "):
            wanted = (True, False)
        elif line.startswith("=======") and wanted == (True, False):
            wanted = (False, True)
        elif line.startswith(">>>>>>> "):
            wanted = (True, True)
        else:
            for side, is_wanted in zip(sides, wanted, strict=True):
                if is_wanted:
                    side.append(line)
    return ["".join(side) for side in sides]


def renewed(language: Language) -> Catalog:
    """The catalogue with exactly the words that the code and the templates have now."""
    before = read(language) if file_of(language).exists() else Catalog()
    made = Catalog(locale=language, fuzzy=False)
    for text in all_texts():
        known = before.get(text.message)
        made.add(
            text.message,
            known.string if known is not None else None,
            auto_comments=[text.kind] if text.kind else [],
            user_comments=known.user_comments if known is not None else [],
            flags=set(known.flags) & {"fuzzy"} if known is not None else set(),
        )
    return made


def write(language: Language) -> None:
    catalogue = renewed(language)
    with file_of(language).open("wb") as file:
        file.write(f"{_HEADER}\n\n".encode())
        # No places and no dates: they would change with every line of code.
        write_po(file, catalogue, width=WIDTH, no_location=True, omit_header=True, sort_output=True)


def faults(language: Language) -> Iterator[str]:
    """What is not right with the catalogue, a line each."""
    yield from faults_of(read(language), {text.message for text in all_texts()})


def faults_of(known: Catalog, wanted: Collection[str | tuple[str, str]]) -> Iterator[str]:
    """The same of a catalogue that is to have exactly these words."""
    for english in wanted:
        found = known.get(english)
        if found is None:
            yield f"not in the catalogue: {english!r}"
        elif found.fuzzy:
            yield f"not certain (fuzzy): {english!r}"
        elif not all(_strings(found)):
            yield f"without a translation: {english!r}"
        elif not _has_same_places(found):
            yield f"other values or tags than the English words: {english!r}"
    for each in known:
        if each.id and each.id not in wanted:
            yield f"said nowhere: {each.id!r}"


def _strings(message: Message) -> tuple[str, ...]:
    string = message.string
    return (string,) if isinstance(string, str) else tuple(string or ("",))


def _has_same_places(message: Message) -> bool:
    english = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    allowed = [_places(text) for text in english]
    # One of a thing need not say the number.
    return all(
        _places(text) in allowed and _tags(text) in [_tags(each) for each in english]
        for text in _strings(message)
    )


def _places(text: str) -> set[str]:
    return set(PLACES.findall(text))


def _tags(text: str) -> list[str]:
    return sorted(TAGS.findall(text))


def main() -> int:
    languages = [each for each in Language if each is not Language.ENGLISH]
    if "--check" not in sys.argv[1:]:
        for language in languages:
            write(language)
    found = [fault for language in languages for fault in faults(language)]
    found += [f"not marked for translation: {each}" for each in unmarked_words()]
    for fault in found:
        print(fault)  # noqa: T201  (a program)
    if found:
        where = file_of(languages[0]).relative_to(ROOT)
        print(f"Mark words as CONTRIBUTING.md says, run `make texts`, write {where}.")  # noqa: T201  (a program)
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
