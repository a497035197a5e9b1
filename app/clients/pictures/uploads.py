"""Uploaded pictures, drawn anew by Pillow, so that nothing of the file is kept but what it shows.

What is known of the file comes from its first bytes alone: neither its name nor what its sender
calls it is looked at. Its size is read and checked before any of it is decoded.
"""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

from app.clients.pictures.upload_checks import ensure_few_parts
from app.domain.errors import Busy, PictureUnusable
from app.domain.pictures import (
    LOGO_SIDE,
    MOST_PIXELS,
    MOST_WEBP_PIXELS,
    SMALLEST_LOGO_SIDE,
    SMALLEST_SIDE,
    WIDTHS,
    DrawnPicture,
    Picture,
    PictureKind,
    height_at,
)

KINDS: Final = ("JPEG", "PNG", "WEBP")
AT_ONCE: Final = 1
"""Pictures a process draws at once: one takes up to 400 MB and two seconds of a core."""

BROKEN: Final = "must be a whole picture; this one is broken or not complete"
MOVES: Final = "must be a still picture; this one moves"

_WAIT_SECONDS: Final = 10.0
_BOX: Final = (2 * WIDTHS[-1], 2 * WIDTHS[-1])
"""What is larger is made to fit in here first, before anything is done with it."""

_QUALITY: Final = 82
_UNDER_CLEAR_PARTS: Final = "white"

_WEBP_WITH_FEATURES: Final = b"VP8X"
_WEBP_ANIMATION: Final = 0x02


class PillowDrawer:
    """Draws one picture at a time; see ``PictureDrawer``.

    Args:
        wait_seconds: how long a picture waits for those before it.
    """

    def __init__(self, *, wait_seconds: float = _WAIT_SECONDS) -> None:
        self._free = threading.BoundedSemaphore(AT_ONCE)
        self._wait_seconds = wait_seconds

    def draw(self, content: bytes) -> DrawnPicture:
        """The picture as JPEG, in each of ``WIDTHS`` it is wide enough for, or as wide as it is.

        Raises:
            PictureUnusable: it is no JPEG, PNG or WebP, is broken, moves, or has too many pixels
                or too few.
            Busy: others are being drawn.
        """
        with self._alone():
            return _kept(_opaque(_drawn(content, smallest=SMALLEST_SIDE)))

    def draw_logo(self, content: bytes) -> DrawnPicture:
        """The picture as one PNG at most ``LOGO_SIDE`` wide and high; what is clear stays clear.

        Raises:
            PictureUnusable: as for ``draw``.
            Busy: others are being drawn.
        """
        with self._alone():
            return _kept_logo(_drawn(content, smallest=SMALLEST_LOGO_SIDE))

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self._free.acquire(timeout=self._wait_seconds):
            raise Busy
        try:
            yield
        finally:
            self._free.release()


def _drawn(content: bytes, *, smallest: int) -> Image.Image:
    """What the file shows: upright, in RGB or RGBA. It may still have its metadata.

    ``smallest``: pixels it has at least in each direction.
    """
    if not content:
        raise PictureUnusable("must be a picture: choose a file")
    try:
        return _decoded(content, smallest)
    except PictureUnusable:
        raise
    except MemoryError:
        raise Busy from None
    except Exception as error:  # whatever its decoders say of a file made to break them
        raise PictureUnusable(BROKEN) from error


def _decoded(content: bytes, smallest: int) -> Image.Image:
    _ensure_still_webp(content, smallest)
    ensure_few_parts(content)
    try:
        image = Image.open(BytesIO(content), formats=KINDS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureUnusable(f"{_rule(MOST_PIXELS)}; this one has far more") from error
    except Exception as error:
        raise PictureUnusable("must be a JPEG, PNG or WebP picture") from error
    with image:
        most = MOST_WEBP_PIXELS if image.format == "WEBP" else MOST_PIXELS
        _ensure_size(*image.size, smallest, most=most)
        # A JPEG may have small pictures of itself beside it, which phones put there.
        if image.format in ("PNG", "WEBP") and getattr(image, "is_animated", False):
            raise PictureUnusable(MOVES)
        image.draft("RGB", _BOX)  # a JPEG is decoded no larger than needed
        image.load()
        return ImageOps.exif_transpose(_fitting(image))


def _opaque(image: Image.Image) -> Image.Image:
    """The picture in RGB, without its metadata."""
    clean = Image.new("RGB", image.size, _UNDER_CLEAR_PARTS)
    clean.paste(image, mask=image if image.mode == "RGBA" else None)
    return clean


def _fitting(image: Image.Image) -> Image.Image:
    """The picture in RGB or RGBA, no larger than the box; it still has its metadata."""
    if image.mode.startswith("I"):  # 16 bits of grey
        image = image.convert("L")
    is_clear = "A" in image.mode or "transparency" in image.info
    mode = "RGBA" if is_clear else "RGB"
    fitting = image if image.mode == mode else image.convert(mode)  # a copy takes its room again
    fitting.thumbnail(_BOX, Image.Resampling.LANCZOS, reducing_gap=2.0)
    return fitting


def _rule(most: int) -> str:
    return f"must have at most {most // 1_000_000} million pixels"


def _ensure_size(width: int, height: int, smallest: int, *, most: int) -> None:
    if width * height > most:
        raise PictureUnusable(f"{_rule(most)}; this one has {width} x {height}")
    if min(width, height) < smallest:
        raise PictureUnusable(
            f"must have at least {smallest} x {smallest} pixels; this one has {width} x {height}"
        )


def _ensure_still_webp(content: bytes, smallest: int) -> None:
    """Check a WebP of many parts by its header: opening it makes room for all of its pixels."""
    if content[:4] != b"RIFF" or content[8:16] != b"WEBP" + _WEBP_WITH_FEATURES:
        return
    features, sides = content[20:21], content[24:30]
    if len(sides) < 6:
        raise PictureUnusable(BROKEN)
    if features[0] & _WEBP_ANIMATION:
        raise PictureUnusable(MOVES)
    width, height = (int.from_bytes(side, "little") + 1 for side in (sides[:3], sides[3:]))
    _ensure_size(width, height, smallest, most=MOST_WEBP_PIXELS)


def _kept(image: Image.Image) -> DrawnPicture:
    """The files of the picture, each drawn from the largest."""
    width = min(image.width, WIDTHS[-1])
    height = height_at(width, *image.size)
    widths = [*(each for each in WIDTHS if each < width), width]
    contents = [_file(image, each, height_at(each, width, height)) for each in widths]
    picture = Picture(_key(*contents), width, height)
    names = [size.name for size in picture.sizes]
    return DrawnPicture(picture, dict(zip(names, contents, strict=True)))


def _kept_logo(image: Image.Image) -> DrawnPicture:
    image.thumbnail((LOGO_SIDE, LOGO_SIDE), Image.Resampling.LANCZOS)
    clean = Image.new("RGBA", image.size)
    clean.paste(image)
    file = BytesIO()
    clean.save(file, "PNG", optimize=True)
    picture = Picture(_key(file.getvalue()), *clean.size, PictureKind.LOGO)
    return DrawnPicture(picture, {picture.largest.name: file.getvalue()})


def _key(*contents: bytes) -> str:
    return hashlib.sha256(b"".join(contents)).hexdigest()[:32]


def _file(image: Image.Image, width: int, height: int) -> bytes:
    file = BytesIO()
    sized = image.resize((width, height), Image.Resampling.LANCZOS)
    sized.save(file, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return file.getvalue()
