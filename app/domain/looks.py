"""How an organization looks to buyers: its name, its logo, and a colour that can be read."""

from dataclasses import dataclass
from typing import Final

from app.domain.pictures import Picture

READABLE: Final = 4.5
"""The contrast that text needs with its ground (WCAG 2.2, 1.4.3, level AA)."""

SEEN: Final = 3.0
"""The contrast that the edge of a button needs (WCAG 2.2, 1.4.11, level AA)."""

WHITE, BLACK = "#ffffff", "#000000"

_TINT: Final = 0.12
"""The share of the colour in the ground of what stands for a picture."""


@dataclass(frozen=True, slots=True)
class OrganizationLook:
    """What buyers see of an organization."""

    name: str
    contact_email: str | None
    colour: str | None
    """Such as ``#1a5fb4``."""
    logo: Picture | None


@dataclass(frozen=True, slots=True)
class MailLook:
    """How mails about an organization's events look, and where answers to them go."""

    look: OrganizationLook
    answers_to: str | None
    """``None``: the organization names nowhere."""


@dataclass(frozen=True, slots=True)
class Theme:
    """The colours that stand behind text on pages, the one of cards first."""

    sheet: str
    others: tuple[str, ...]


LIGHT: Final = Theme("#ffffff", ("#f6f4f0", "#efece6", "#dcf5e3", "#fdf0cd", "#fde5e6"))
DARK: Final = Theme("#1e1b24", ("#141218", "#29252f", "#173323", "#3a2d10", "#45191e"))


@dataclass(frozen=True, slots=True)
class Accent:
    """What an organization's colour is good for in one theme."""

    fill: str
    """Of buttons."""
    ink: str
    """Of the text on it."""
    is_seen: bool
    """Whether a button needs no edge."""
    is_readable: bool
    """Whether text may have the colour; else the shop's own accent stays."""
    tint: str
    """A ground with a touch of the colour, on which that text may stand."""


def accent(colour: str, theme: Theme) -> Accent:
    """What the colour is good for where these grounds are."""
    tint = _mixed(colour, theme.sheet)
    grounds = (theme.sheet, *theme.others)
    return Accent(
        fill=colour,
        ink=ink_on(colour),
        is_seen=contrast(colour, theme.sheet) >= SEEN,
        is_readable=all(contrast(colour, ground) >= READABLE for ground in (*grounds, tint)),
        tint=tint,
    )


def ink_on(colour: str) -> str:
    """Black or white, which of them is read better on the colour: at a contrast of at least 4.5."""
    return max(WHITE, BLACK, key=lambda ink: contrast(ink, colour))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(part / 255) for part in _parts(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def _mixed(colour: str, ground: str) -> str:
    pairs = zip(_parts(colour), _parts(ground), strict=True)
    return "#" + "".join(f"{round(c * _TINT + g * (1 - _TINT)):02x}" for c, g in pairs)


def _parts(colour: str) -> bytes:
    """Red, green and blue."""
    return bytes.fromhex(colour.removeprefix("#"))
