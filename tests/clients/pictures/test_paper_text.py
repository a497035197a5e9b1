"""Lines as they are seen: left to right on the paper, whichever way they are read."""

import pytest

from app.clients.pictures.paper_fonts import PLAIN, UNKNOWN, width_of
from app.clients.pictures.paper_text import Style, has_unknown, wrapped

STYLE = Style(PLAIN, 10, 12)
WIDE = 10_000

HALL, NIGHT = "\u05d4\u05d9\u05db\u05dc", "\u0644\u064a\u0644\u0629"
"""A Hebrew and an Arabic word, as they are typed."""
HALL_SEEN, NIGHT_SEEN = HALL[::-1], "\ufe94\ufee0\ufef4\ufedf"
"""The last letter first; Arabic ones in the forms they have inside a word."""


class TestWrapped:
    @pytest.mark.parametrize(
        ("text", "seen"),
        [
            (HALL, HALL_SEEN),
            (NIGHT, NIGHT_SEEN),
            (f"{NIGHT} {NIGHT}", f"{NIGHT_SEEN} {NIGHT_SEEN}"),
            (f"{NIGHT} 2030", f"2030 {NIGHT_SEEN}"),
            (f"{HALL} (Hall 3) 5!", f"!5 (Hall 3) {HALL_SEEN}"),
            (f"Jazz ({HALL}) 2030", f"Jazz ({HALL_SEEN}) 2030"),
            (f"Jazz [{NIGHT}] 12.5%", f"Jazz [{NIGHT_SEEN}] 12.5%"),
            ("Jazz (night) 2030", "Jazz (night) 2030"),
        ],
    )
    def test_puts_letters_in_the_order_of_the_eye(self, text: str, seen: str) -> None:
        assert wrapped(text, STYLE, WIDE) == [seen]

    def test_breaks_lines_before_it_turns_them(self) -> None:
        text = f"{HALL} one {NIGHT} two"

        lines = wrapped(text, STYLE, width_of(f"{HALL} one", PLAIN, 10))

        assert lines == [f"one {HALL_SEEN}", f"two {NIGHT_SEEN}"]

    @pytest.mark.parametrize("text", [NIGHT * 60, "\N{PARTY POPPER}" * 60, f"{HALL} " * 60])
    def test_keeps_to_the_width(self, text: str) -> None:
        lines = wrapped(text, STYLE, 100)

        assert len(lines) > 1
        assert all(0 < width_of(line, PLAIN, 10) <= 100 for line in lines)

    @pytest.mark.parametrize("text", ["\N{PARTY POPPER}", "\u6771", "\U000f0000", "\u0915"])
    def test_makes_nothing_vanish(self, text: str) -> None:
        assert wrapped(text, STYLE, WIDE) != [""]

    def test_joins_emoji_that_belong_together_to_their_parts(self) -> None:
        family = "\N{WOMAN}\u200d\N{GIRL}\ufe0f"

        assert wrapped(family, STYLE, WIDE) == ["\N{WOMAN}\N{GIRL}"]


class TestHasUnknown:
    @pytest.mark.parametrize(
        ("text", "has_some"),
        [("Jazz", False), ("\N{PARTY POPPER}", False), ("\u6771", True), (UNKNOWN, False)],
    )
    def test_tells_what_cannot_be_drawn(self, text: str, has_some: bool) -> None:
        assert has_unknown(text) == has_some
