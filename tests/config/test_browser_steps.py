"""The README's ten minutes name links, buttons and fields as the browser's test does."""

import re
from pathlib import Path
from typing import Final

from tests.programs.servers import ROOT

BROWSER: Final = ROOT / "tests" / "browser"
EVENING: Final = (
    BROWSER / "organizers" / "test_whole_evening.py",
    BROWSER / "scanner" / "scanner_page.py",
)
"""What presses and fills them, from signing up to the last mail."""

PRESSED: Final = re.compile(r"""get_by_role\("(?:link|button)", name="([^"]+)"\)""")
FILLED: Final = re.compile(r"""get_by_label\("([^"]+)"[,)]""")


def used(pattern: re.Pattern[str]) -> set[str]:
    return {name for file in EVENING for name in pattern.findall(file.read_text())}


def steps() -> str:
    """The numbered steps of the README's first section."""
    sections = (ROOT / "README.md").read_text().split("\n## ")
    first = sections[1]
    assert first.startswith("Ten minutes in a browser")
    return first[first.index("\n1. ") : first.index("\n<img ")]


def linked_pictures(page: Path) -> set[str]:
    return set(re.findall(r"docs/images/[a-z-]+\.png", page.read_text()))


class TestTenMinutes:
    def test_name_links_and_buttons_that_are_pressed(self) -> None:
        named = set(re.findall(r"\*\*([^*]+)\*\*", steps()))

        assert len(named) >= 20
        assert named <= used(PRESSED)

    def test_name_fields_that_are_filled_in(self) -> None:
        named = set(re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", steps()))

        assert len(named) >= 15
        assert named <= used(FILLED)

    def test_come_with_pictures_that_there_are(self) -> None:
        pictures = linked_pictures(ROOT / "README.md")

        assert len(pictures) >= 3
        assert all((ROOT / picture).exists() for picture in pictures)
