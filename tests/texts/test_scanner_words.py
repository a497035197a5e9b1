"""The scanner's scripts say nothing that the page does not bring along in the reader's language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.texts.scanner import WORDS

SCRIPTS = sorted((Path(__file__).parents[2] / "app/static/scanner").glob("*.js"))
COMMENT = re.compile(r"/\*.*?\*/|(?<![:\"'])//[^\n]*", re.DOTALL)
TEXT = re.compile(r'(?P<marked>\b_\(\s*)?(?:"(?P<plain>(?:[^"\\\n]|\\.)*)"|`(?P<filled>[^`]*)`)')
CODE = re.compile(r"\$\{[^}]*\}")
SENTENCE = re.compile(r"[A-Z][a-z']* [a-z]|^[A-Z][a-z]+[.:]?$")

IN_CODE = {"NotAllowedError", "Authorization", "Ed25519"}


def texts_in(script: str) -> Iterator[tuple[bool, str]]:
    """Each text of a script, and whether it is marked."""
    for found in TEXT.finditer(COMMENT.sub("", script)):
        yield found["marked"] is not None, found["plain"] or CODE.sub("", found["filled"] or "")


def said_by(scripts: list[Path]) -> list[str]:
    return [text for file in scripts for is_marked, text in texts_in(file.read_text()) if is_marked]


def test_bring_each_text_once() -> None:
    assert sorted(WORDS) == sorted(set(said_by(SCRIPTS)))


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_have_no_words_that_are_not_marked(file: Path) -> None:
    unmarked = [text for is_marked, text in texts_in(file.read_text()) if not is_marked]

    assert [text for text in unmarked if SENTENCE.search(text) and text not in IN_CODE] == []


def test_would_find_one() -> None:
    script = 'show("Let them in"); show(`Last: ${words}`); show(_("Gate")); go("in", "2-digit");'

    found = list(texts_in(script))

    assert [
        text for is_marked, text in found if SENTENCE.search(text.strip()) and not is_marked
    ] == [
        "Let them in",
        "Last: ",
    ]
    assert (True, "Gate") in found
