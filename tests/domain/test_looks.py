"""The colour of an organization: where it can be read, and what is read on it."""

import re
from itertools import product
from pathlib import Path

import pytest

import app
from app.domain.looks import (
    BLACK,
    DARK,
    LIGHT,
    READABLE,
    SEEN,
    WHITE,
    Theme,
    accent,
    contrast,
    ink_on,
)

STYLES = Path(app.__file__).parent / "static/shop/shop.css"
STEPS = range(0, 256, 51)
MANY = [f"#{r:02x}{g:02x}{b:02x}" for r, g, b in product(STEPS, STEPS, STEPS)]
as_both = pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])


class TestContrast:
    @pytest.mark.parametrize(
        ("one", "other", "ratio"),
        [
            (BLACK, WHITE, 21.0),
            ("#777777", WHITE, 4.48),  # as WebAIM's contrast checker tells
            ("#767676", WHITE, 4.54),
            ("#ff0000", WHITE, 4.0),
            ("#1a5fb4", "#1a5fb4", 1.0),
        ],
    )
    def test_is_that_of_the_standard(self, one: str, other: str, ratio: float) -> None:
        assert contrast(one, other) == pytest.approx(ratio, abs=0.02)
        assert contrast(one, other) == contrast(other, one)


class TestInk:
    def test_is_read_on_every_colour(self) -> None:
        for colour in MANY:
            assert contrast(ink_on(colour), colour) >= READABLE

    def test_is_dark_on_bright_colours(self) -> None:
        assert (ink_on("#ffd400"), ink_on("#1a5fb4")) == (BLACK, WHITE)


class TestAccent:
    @as_both
    def test_is_read_on_every_ground_or_left_to_the_shop(self, theme: Theme) -> None:
        found = [accent(colour, theme) for colour in MANY]

        for each in found:
            grounds = (theme.sheet, *theme.others, each.tint)
            worst = min(contrast(each.fill, ground) for ground in grounds)
            assert each.is_readable == (worst >= READABLE), each
            assert each.is_seen == (contrast(each.fill, theme.sheet) >= SEEN), each
        assert {each.is_readable for each in found} == {True, False}

    def test_differs_between_light_and_dark(self) -> None:
        assert accent("#1a5fb4", LIGHT).is_readable
        assert not accent("#1a5fb4", DARK).is_readable
        assert not accent("#ffd400", LIGHT).is_readable
        assert not accent("#ffd400", LIGHT).is_seen
        assert accent("#ffd400", DARK).is_readable


class TestTheme:
    def test_has_the_grounds_of_the_stylesheet(self) -> None:
        styles = STYLES.read_text()
        names = ("sheet", "ground", "sunk", "good-soft", "wait-soft", "bad-soft")
        light, dark = (
            [re.findall(rf"--{name}: (#[0-9a-f]{{6}});", styles)[which] for name in names]
            for which in (0, 1)
        )

        assert [LIGHT.sheet, *LIGHT.others] == light
        assert [DARK.sheet, *DARK.others] == dark
