"""Files of very many small parts are refused: reading each takes time, and few bytes hold many."""

import io
import struct
import zlib

import pytest
from PIL import Image

from app.clients.pictures.upload_checks import (
    MOST_BYTES_BETWEEN,
    MOST_IMAGE_CHUNKS,
    MOST_OTHER_CHUNKS,
    MOST_SCANS,
    MOST_SEGMENTS,
    PARTS,
    SCANS,
)
from app.clients.pictures.uploads import PillowDrawer
from app.domain.errors import PictureUnusable
from tests.support.pictures import photo

DRAWER = PillowDrawer()
SEGMENT = b"\xff\xec\x00\x02"
END = b"\xff\xd9"


def rule_for(content: bytes) -> str | None:
    """What is wrong with the file; ``None``: it is drawn."""
    try:
        DRAWER.draw(content)
    except PictureUnusable as refusal:
        errors = refusal.facts["errors"]
        assert isinstance(errors, list)
        return str(errors[0]["detail"])
    return None


def grey(**options: object) -> bytes:
    file = io.BytesIO()
    Image.new("L", (256, 256), 128).save(file, "JPEG", **options)
    return file.getvalue()


def with_hidden_scans(scans: int) -> bytes:
    """A JPEG whose first scan has a marker that decoders pass over where they expect a restart.

    Taken for one of a segment, its two bytes of length hide all the scans behind it.
    """
    whole = grey(progressive=True)
    first = whole.index(b"\xff\xda")
    restart_each = b"\xff\xdd\x00\x04\x00\x01"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x00\x10"
    header = whole[first : first + 2 + int.from_bytes(whole[first + 2 : first + 4], "big")]
    return whole[:first] + restart_each + header + b"\x00\xff\x02\xfe\x00" + scan * scans + END


class TestJpeg:
    def test_is_counted_as_it_is_decoded(self) -> None:
        assert rule_for(with_hidden_scans(MOST_SCANS - 1)) is None
        assert rule_for(with_hidden_scans(MOST_SCANS)) == SCANS

    @pytest.mark.parametrize("before", [b"", END], ids=["plain", "behind an end that is none"])
    def test_has_no_more_segments_than_programs_write(self, before: bytes) -> None:
        whole = photo(256, 256, kind="JPEG")

        few = whole[:2] + SEGMENT * (MOST_SEGMENTS // 2) + whole[2:]
        many = whole[:2] + before + SEGMENT * MOST_SEGMENTS + whole[2:]

        assert rule_for(few) is None
        assert rule_for(many) == PARTS

    @pytest.mark.parametrize("junk", [b"\xff", b"\x00", b"\xff\x00"])
    def test_has_little_between_its_segments(self, junk: bytes) -> None:
        whole = photo(256, 256, kind="JPEG")

        assert rule_for(whole[:2] + junk * (MOST_BYTES_BETWEEN + 1) + whole[2:]) == PARTS


def chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )


class TestPng:
    @pytest.mark.parametrize(
        "extra",
        [
            chunk(b"abCd", b""),
            chunk(b"tEXt", b"a\0b"),
            chunk(b"iCCP", b"a\0\0" + zlib.compress(bytes(100_000))),
        ],
        ids=["unknown", "text", "colours that unpack to much"],
    )
    def test_has_no_more_chunks_than_programs_write(self, extra: bytes) -> None:
        whole = photo(256, 256, kind="PNG")
        behind_header = 33

        few = whole[:behind_header] + extra * 10 + whole[behind_header:]
        many = whole[:behind_header] + extra * (MOST_OTHER_CHUNKS + 1) + whole[behind_header:]

        assert rule_for(few) is None
        assert rule_for(many) == PARTS

    def test_has_its_pixels_in_few_chunks(self) -> None:
        whole = photo(256, 256, kind="PNG")
        pixels = whole.index(b"IDAT") - 4
        empty = chunk(b"IDAT", b"") * (MOST_IMAGE_CHUNKS + 1)

        assert rule_for(whole[:pixels] + empty + whole[pixels:]) == PARTS
