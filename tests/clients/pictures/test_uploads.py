"""Uploaded pictures are drawn anew: what is hostile in a file stays behind, or is refused."""

import io
import threading
from collections.abc import Callable

import pytest
from PIL import Image, PngImagePlugin

from app.clients.pictures.upload_checks import MOST_SCANS, SCANS
from app.clients.pictures.uploads import BROKEN, MOVES, PillowDrawer
from app.domain.errors import Busy, PictureUnusable
from app.domain.pictures import (
    FILE_NAME,
    MOST_PIXELS,
    SMALLEST_SIDE,
    DrawnPicture,
)
from tests.support.pictures import HTML, SVG, claimed_png, photo

DRAWER = PillowDrawer()
Draw = Callable[[bytes], DrawnPicture]
as_either = pytest.mark.parametrize(
    "draw", [DRAWER.draw, DRAWER.draw_logo], ids=["picture", "logo"]
)
NEAR_ORANGE = ((245, 265), (155, 175), (-10, 10))


def opened(drawn: DrawnPicture, place: int = -1) -> Image.Image:
    picture = Image.open(io.BytesIO(list(drawn.files.values())[place]))
    picture.load()
    return picture


def is_orange(picture: Image.Image, x: float, y: float) -> bool:
    colours = picture.getpixel((int(picture.width * x), int(picture.height * y)))
    assert isinstance(colours, tuple)
    return all(low <= c <= high for c, (low, high) in zip(colours, NEAR_ORANGE, strict=True))


def rule_for(content: bytes, draw: Draw = DRAWER.draw) -> str:
    with pytest.raises(PictureUnusable) as refused:
        draw(content)
    errors = refused.value.facts["errors"]
    assert isinstance(errors, list)
    assert errors[0]["pointer"] == "/image"
    return errors[0]["detail"]


class TestDraw:
    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_makes_every_width_the_picture_has(self, kind: str) -> None:
        drawn = DRAWER.draw(photo(2000, 1000, kind=kind))

        assert [(s.width, s.height) for s in drawn.picture.sizes] == [
            (400, 200),
            (800, 400),
            (1600, 800),
        ]
        assert [size.name for size in drawn.picture.sizes] == list(drawn.files)
        for size, content in zip(drawn.picture.sizes, drawn.files.values(), strict=True):
            assert FILE_NAME.fullmatch(size.name)
            picture = Image.open(io.BytesIO(content))
            assert (picture.format, picture.size) == ("JPEG", (size.width, size.height))
        assert is_orange(opened(drawn), 0.2, 0.2)
        assert not is_orange(opened(drawn), 0.8, 0.8)

    @pytest.mark.parametrize(("width", "widths"), [(1000, [400, 800, 1000]), (250, [250])])
    def test_makes_nothing_larger_than_it_is(self, width: int, widths: list[int]) -> None:
        drawn = DRAWER.draw(photo(width, 300))

        assert [size.width for size in drawn.picture.sizes] == widths

    def test_makes_the_same_of_the_same_and_another_of_another(self) -> None:
        once, again = DRAWER.draw(photo()), DRAWER.draw(photo())

        assert once == again
        assert DRAWER.draw(photo(colour="navy")).picture.key != once.picture.key

    def test_turns_it_upright(self) -> None:
        exif = Image.Exif()
        exif[0x0112] = 6  # the camera was held on its side

        drawn = DRAWER.draw(photo(1200, 600, exif=exif))

        assert (drawn.picture.width, drawn.picture.height) == (600, 1200)
        assert is_orange(opened(drawn), 0.8, 0.2)

    def test_leaves_out_what_is_written_into_the_file(self) -> None:
        exif = Image.Exif()
        exif[0x010E] = "SECRET-TITLE"
        exif.get_ifd(0x8825)[1] = "N"  # the place
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "SECRET-TEXT")
        files = [
            photo(exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET" * 40),
            photo(kind="PNG", pnginfo=text),
            photo(kind="WEBP", exif=exif, xmp=b"SECRET-XMP"),
        ]

        for drawn in map(DRAWER.draw, files):
            for content in drawn.files.values():
                picture = Image.open(io.BytesIO(content))
                assert b"SECRET" not in content
                assert not picture.getexif()
                assert not {"comment", "icc_profile", "exif", "xmp"} & picture.info.keys()

    def test_puts_clear_parts_on_white(self) -> None:
        drawn = DRAWER.draw(photo(kind="PNG", mode="RGBA", colour="#00000000"))

        assert opened(drawn).getpixel((1000, 600)) == (255, 255, 255)

    @pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK", "I;16", "LA"])
    def test_reads_what_is_no_rgb(self, mode: str) -> None:
        picture = Image.new("L", (400, 300), 200).convert("RGB" if mode == "CMYK" else "L")
        kind = "JPEG" if mode == "CMYK" else "PNG"
        if mode == "I;16":
            picture = Image.new("I;16", (400, 300), 200 * 256)
        elif mode != "L":
            picture = picture.convert(mode)
        file = io.BytesIO()
        picture.save(file, kind)

        drawn = DRAWER.draw(file.getvalue())

        colours = opened(drawn).getpixel((200, 150))
        assert isinstance(colours, tuple)
        assert all(c > 185 for c in colours), colours

    def test_takes_a_tall_one(self) -> None:
        drawn = DRAWER.draw(photo(300, 60_000))

        assert drawn.picture.height <= 3200

    def test_takes_only_the_picture_of_a_file_that_is_something_else_as_well(self) -> None:
        drawn = DRAWER.draw(photo(comment=HTML) + HTML + SVG + b"PK\x03\x04")

        assert all(b"script" not in content for content in drawn.files.values())


class TestTooFewPixels:
    def test_are_refused(self) -> None:
        rule = rule_for(photo(1000, SMALLEST_SIDE - 1))

        assert rule == "must have at least 200 x 200 pixels; this one has 1000 x 199"


@as_either
class TestRefusal:
    @pytest.mark.parametrize(
        "content",
        [
            SVG,
            HTML,
            b"GIF89a" + HTML,
            b"\x00" * 100,
            b"%PDF-1.7",
            photo(kind="GIF"),
            photo(kind="BMP"),
            photo(kind="TIFF"),
            photo(kind="ICO"),
            b"RIFF\x10\x00\x00\x00WEBP",
            b"\xff\xd8\xff",
            b"\x89PNG\r\n\x1a\n",
        ],
    )
    def test_is_of_what_is_no_picture_of_the_three_kinds(self, draw: Draw, content: bytes) -> None:
        assert rule_for(content, draw) == "must be a JPEG, PNG or WebP picture"

    def test_is_of_nothing(self, draw: Draw) -> None:
        assert rule_for(b"", draw) == "must be a picture: choose a file"

    @pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
    def test_is_of_what_ends_early(self, draw: Draw, kind: str) -> None:
        content = photo(kind=kind)

        assert rule_for(content[: len(content) // 2], draw) in (
            BROKEN,
            "must be a JPEG, PNG or WebP picture",
        )

    @pytest.mark.parametrize("sides", [(60_000, 60_000), (MOST_PIXELS, 2), (2**31 - 1, 2**31 - 1)])
    def test_is_of_too_many_pixels_before_they_are_unpacked(
        self, draw: Draw, sides: tuple[int, int]
    ) -> None:
        assert rule_for(claimed_png(*sides), draw).startswith("must have at most 32 million pixels")

    def test_is_of_a_webp_that_claims_too_many_before_it_is_opened(self, draw: Draw) -> None:
        content = bytearray(photo(300, 300, kind="WEBP", exif=Image.Exif(), xmp=b"x"))
        assert content[12:16] == b"VP8X"
        content[24:30] = (16_383 - 1).to_bytes(3, "little") * 2

        assert rule_for(bytes(content), draw).startswith("must have at most 16 million pixels")

    def test_is_of_a_webp_of_one_part_that_takes_more_room_than_other_pictures(
        self, draw: Draw
    ) -> None:
        file = io.BytesIO()
        Image.new("RGB", (4_100, 4_000)).save(file, "WEBP", lossless=True, method=0)

        assert rule_for(file.getvalue(), draw) == (
            "must have at most 16 million pixels; this one has 4100 x 4000"
        )

    def test_is_of_fewer_rows_than_claimed(self, draw: Draw) -> None:
        assert rule_for(claimed_png(5_000, 5_000), draw) == BROKEN

    @pytest.mark.parametrize("kind", ["PNG", "WEBP"])
    def test_is_of_one_that_moves(self, draw: Draw, kind: str) -> None:
        frames = [Image.new("RGB", (300, 300), colour) for colour in ("red", "blue")]
        file = io.BytesIO()
        frames[0].save(file, kind, save_all=True, append_images=frames[1:], duration=100)

        assert rule_for(file.getvalue(), draw) == MOVES

    def test_is_of_every_way_to_cut_or_change_a_file_or_it_is_drawn(self, draw: Draw) -> None:
        content = photo(300, 300, kind="PNG")
        for place in range(8, len(content), 7):
            changed = bytearray(content)
            changed[place] ^= 0xFF
            for hostile in (bytes(changed), content[:place]):
                try:
                    draw(hostile)
                except PictureUnusable:
                    continue


class TestAtOnce:
    def test_one_is_drawn_and_who_waits_too_long_is_told(self) -> None:
        drawer = PillowDrawer(wait_seconds=0.05)
        assert drawer._free.acquire(blocking=False)

        with pytest.raises(Busy):
            drawer.draw(photo())

        drawer._free.release()
        assert drawer.draw(photo()).files

    def test_many_are_drawn_one_after_the_other(self) -> None:
        done: list[str] = []
        threads = [
            threading.Thread(target=lambda: done.append(DRAWER.draw(photo()).picture.key))
            for _ in range(6)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(done) == 6
        assert len(set(done)) == 1


class TestScans:
    """A JPEG may be drawn again and again by a few bytes each time."""

    @staticmethod
    def file(scans: int, *, before: bytes = b"", behind: bytes = b"") -> bytes:
        """A progressive JPEG with so many scans: its last one again and again."""
        file = io.BytesIO()
        Image.new("L", (400, 300), 128).save(file, "JPEG", progressive=True)
        whole = file.getvalue()
        last = whole[whole.rindex(b"\xff\xda") : -2]
        more = (before + last) * (scans - whole.count(b"\xff\xda"))
        return whole[:-2] + more + b"\xff\xd9" + behind

    @as_either
    def test_are_counted_before_any_is_decoded(self, draw: Draw) -> None:
        assert rule_for(self.file(MOST_SCANS + 1), draw) == SCANS
        assert rule_for(self.file(MOST_SCANS + 1, before=b"\xff\x01\xff\xff"), draw) == SCANS
        assert draw(self.file(MOST_SCANS)).picture.width == 400

    def test_are_not_those_of_what_stands_behind_the_picture(self) -> None:
        video = b"\xff\xda" * 1000

        assert DRAWER.draw(self.file(10, behind=video)).picture.width == 400

    def test_are_not_those_of_what_a_camera_wrote_into_it(self) -> None:
        preview = b"\xff\xda" * 1000
        comment = b"\xff\xfe" + (len(preview) + 2).to_bytes(2, "big") + preview

        assert DRAWER.draw(self.file(10, before=comment)).picture.width == 400
