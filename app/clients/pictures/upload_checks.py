"""What is checked of the bytes of an uploaded picture before any of it is decoded.

Each part of a file takes time to read, however small it is: 10 MB hold 200,000 scans of a JPEG, two
and a half million empty segments, or as many kilobytes of a PNG that unpack to a megabyte each.
"""

import re
import struct
from typing import Final

from app.domain.errors import PictureUnusable

MOST_SCANS: Final = 100
"""Of a JPEG: cameras and programs write one to about ten. Each takes up to 20 ms, and fits into a
few bytes: a file of 10 MB could have 200,000, and keep a core busy for an hour."""

MOST_SEGMENTS: Final = 1_000
"""Of a JPEG, scans too. What cameras note fills segments of 64 KB each, up to a few hundred."""

MOST_BYTES_BETWEEN: Final = 1_000
"""Before the first scan of a JPEG, outside of segments. Programs write none."""

MOST_OTHER_CHUNKS: Final = 100
"""Of a PNG, beside those with its pixels. Programs write about ten."""

MOST_IMAGE_CHUNKS: Final = 20_000
"""Of a PNG, with its pixels. Programs write them of 8 KB or more."""

SCANS: Final = "must be a simpler picture: save it as another JPEG, or as PNG"
PARTS: Final = "must be a simpler picture: save it anew with another program"

_JPEG: Final = b"\xff\xd8"
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_MARKER: Final = re.compile(rb"\xff+([\xc0-\xcf\xd8-\xfe])")
"""Of a segment, which has a length, or of an end. Decoders pass over lower ones in a scan with
restarts, and take them for a fault elsewhere; behind none of them is a length."""

_START_OF_SCAN: Final = 0xDA
_END: Final = 0xD9
_OF_CHUNK: Final = struct.Struct(">I4s")
_CHECKSUM: Final = 4


def ensure_few_parts(content: bytes) -> None:
    """Check that a JPEG or PNG has no more parts than programs write.

    Raises:
        PictureUnusable: it has.
    """
    if content.startswith(_JPEG):
        _ensure_few_segments(content)
    elif content.startswith(_PNG):
        _ensure_few_chunks(content)


def _ensure_few_segments(content: bytes) -> None:
    """Go from marker to marker, as a decoder does (ITU-T T.81, annex B)."""
    segments = scans = between = 0
    at = len(_JPEG)
    while found := _MARKER.search(content, at):
        marker = found[1][0]
        if scans == 0:
            between += found.end() - 2 - at
        elif marker == _END:
            return
        segments += 1
        scans += marker == _START_OF_SCAN
        if scans > MOST_SCANS:
            raise PictureUnusable(SCANS)
        if segments > MOST_SEGMENTS or between > MOST_BYTES_BETWEEN:
            raise PictureUnusable(PARTS)
        at = found.end()
        if marker != _END:  # one before the first scan ends nothing, and has no length
            at += int.from_bytes(content[at : at + 2], "big")


def _ensure_few_chunks(content: bytes) -> None:
    with_pixels = others = 0
    at = len(_PNG)
    while at + _OF_CHUNK.size <= len(content):
        length, name = _OF_CHUNK.unpack_from(content, at)
        with_pixels += name == b"IDAT"
        others += name != b"IDAT"
        if others > MOST_OTHER_CHUNKS or with_pixels > MOST_IMAGE_CHUNKS:
            raise PictureUnusable(PARTS)
        at += _OF_CHUNK.size + length + _CHECKSUM
