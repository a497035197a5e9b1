"""Pictures that organizers upload: what is kept of them, and how their files are called."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

WIDTHS: Final = (400, 800, 1600)
"""The widths, in pixels, in which a picture is kept, as far as it is as wide."""

SMALLEST_SIDE: Final = 200
"""Pixels a picture has at least in each direction."""

LOGO_SIDE: Final = 480
"""The largest width and height, in pixels, in which a logo is kept."""

SMALLEST_LOGO_SIDE: Final = 32
"""Pixels a logo has at least in each direction."""

MOST_PIXELS: Final = 32_000_000
"""Width times height at most: more than the camera of any phone gives."""

MOST_WEBP_PIXELS: Final = 16_000_000
"""The same of a WebP, whose decoder keeps each pixel four times."""

LONGEST_ALT: Final = 250
"""Characters of the words that say what a picture shows."""

FILE_NAME: Final = re.compile(r"[0-9a-f]{32}-[1-9][0-9]{0,3}\.(?:jpg|png)")
"""Of every file of a picture, and of nothing else: it cannot lead to another folder."""


class PictureKind(StrEnum):
    """What a picture is for, which decides the files that are kept of it."""

    PHOTO = "photo"
    """Of an event: JPEG files in several widths."""
    LOGO = "logo"
    """Of an organization: one PNG file, whose ground may be clear."""


@dataclass(frozen=True, slots=True)
class PictureSize:
    """One of the files of a picture; ``width`` and ``height`` in pixels."""

    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that is kept. ``key`` is a hash of its files, so it never shows anything else.

    ``width`` and ``height`` are those of its largest file, in pixels.
    """

    key: str
    width: int
    height: int
    kind: PictureKind = PictureKind.PHOTO

    @property
    def sizes(self) -> Sequence[PictureSize]:
        """Its files, the smallest first."""
        if self.kind is PictureKind.LOGO:
            return [self.largest]
        widths = [*(width for width in WIDTHS if width < self.width), self.width]
        return [self._size(width) for width in widths]

    @property
    def largest(self) -> PictureSize:
        return self._size(self.width)

    def _size(self, width: int) -> PictureSize:
        ending = "png" if self.kind is PictureKind.LOGO else "jpg"
        name = f"{self.key}-{width}.{ending}"
        return PictureSize(name, width, height_at(width, self.width, self.height))


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture that was drawn anew, with the content of each of its files."""

    picture: Picture
    files: Mapping[str, bytes]


def height_at(width: int, full_width: int, full_height: int) -> int:
    """The height, in pixels, that keeps the shape; at least one."""
    return max((full_height * width + full_width // 2) // full_width, 1)


def logo_of(key: str | None, width: int | None, height: int | None) -> Picture | None:
    """The logo in these columns of a row; ``None``: there is none."""
    if key is None or width is None or height is None:
        return None
    return Picture(key, width, height, PictureKind.LOGO)
