"""Logos are drawn anew as one small PNG; what is hostile is in test_uploads.py, for both kinds."""

import io

import pytest
from PIL import Image, PngImagePlugin

from app.clients.pictures.uploads import PillowDrawer
from app.domain.errors import PictureUnusable
from app.domain.pictures import FILE_NAME, LOGO_SIDE, SMALLEST_LOGO_SIDE, DrawnPicture
from tests.support.pictures import HTML, SVG, photo

DRAWER = PillowDrawer()


def opened(drawn: DrawnPicture) -> Image.Image:
    (content,) = drawn.files.values()
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


class TestDrawLogo:
    def test_makes_one_small_file_that_stays_clear_where_it_was(self) -> None:
        drawn = DRAWER.draw_logo(photo(1200, 600, kind="PNG", mode="RGBA", colour="#00000000"))

        assert (drawn.picture.width, drawn.picture.height) == (LOGO_SIDE, LOGO_SIDE // 2)
        assert [size.name for size in drawn.picture.sizes] == list(drawn.files)
        (name,) = drawn.files
        assert name.endswith("-480.png")
        assert FILE_NAME.fullmatch(name)
        picture = opened(drawn)
        assert (picture.format, picture.mode) == ("PNG", "RGBA")
        assert picture.getpixel((400, 200)) == (0, 0, 0, 0)
        assert picture.getpixel((50, 50)) == (255, 165, 0, 255)

    @pytest.mark.parametrize(("sides", "kept"), [((90, 60), (90, 60)), ((300, 60_000), (2, 480))])
    def test_makes_it_no_larger_than_it_is(
        self, sides: tuple[int, int], kept: tuple[int, int]
    ) -> None:
        picture = DRAWER.draw_logo(photo(*sides)).picture

        assert (picture.width, picture.height) == kept

    def test_makes_the_same_of_the_same(self) -> None:
        assert DRAWER.draw_logo(photo()) == DRAWER.draw_logo(photo())

    def test_leaves_out_what_is_written_into_the_file(self) -> None:
        exif = Image.Exif()
        exif[0x010E] = "SECRET-TITLE"
        text = PngImagePlugin.PngInfo()
        text.add_text("Comment", "SECRET-TEXT")
        files = [
            photo(exif=exif, comment=b"SECRET-COMMENT", icc_profile=b"SECRET" * 40),
            photo(kind="PNG", mode="RGBA", pnginfo=text),
            photo(kind="WEBP", exif=exif, xmp=b"SECRET-XMP"),
            photo(comment=HTML) + HTML + SVG + b"PK\x03\x04",
        ]

        for drawn in map(DRAWER.draw_logo, files):
            (content,) = drawn.files.values()
            assert b"SECRET" not in content
            assert b"script" not in content
            assert not opened(drawn).info

    def test_takes_fewer_pixels_than_a_picture_needs(self) -> None:
        assert DRAWER.draw_logo(photo(1000, SMALLEST_LOGO_SIDE)).picture.height == 15
        with pytest.raises(PictureUnusable, match="at least 32 x 32 pixels"):
            DRAWER.draw_logo(photo(1000, SMALLEST_LOGO_SIDE - 1))
