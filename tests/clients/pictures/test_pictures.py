"""Every form a ticket's code is drawn in, read the way a camera sees it."""

from collections.abc import Callable

import pytest
from PIL import Image, ImageFilter

from app.clients.pictures.qr import QrCodes
from app.clients.pictures.ticket_pdf import PdfTickets
from tests.support.codes import some_code
from tests.support.pictures import codes_on
from tests.support.prints import make_print, pdf_pixels, png_pixels, svg_pixels

SHORT = "7K3M-9QXW-0A1B-ZYXW"

Draw = Callable[[str], Image.Image]
Damage = Callable[[Image.Image], Image.Image]


def as_png(code: str) -> Image.Image:
    return png_pixels(QrCodes().png(code, caption=SHORT))


def as_svg(code: str) -> Image.Image:
    return svg_pixels(QrCodes().svg(code, title="Ticket 1", caption=SHORT))


def as_pdf(code: str) -> Image.Image:
    return pdf_pixels(PdfTickets().pdf(make_print(), code=code))


def undamaged(picture: Image.Image) -> Image.Image:
    return picture


def rotated(picture: Image.Image) -> Image.Image:
    return picture.rotate(15, Image.Resampling.BICUBIC, expand=True, fillcolor=255)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(2))


def quartered(picture: Image.Image) -> Image.Image:
    size = picture.width // 4, picture.height // 4
    return picture.resize(size, Image.Resampling.BILINEAR)


class TestEveryForm:
    @pytest.mark.parametrize("draw", [as_png, as_svg, as_pdf])
    @pytest.mark.parametrize("damage", [undamaged, rotated, blurred, quartered])
    def test_is_read(self, draw: Draw, damage: Damage) -> None:
        for code in (some_code(), some_code(ticket_id=2**48 - 1, event_id=2**48 - 1)):
            assert codes_on(damage(draw(code))) == [code]

    @pytest.mark.parametrize("draw", [as_png, as_svg, as_pdf])
    def test_is_black_on_white(self, draw: Draw) -> None:
        darkest, lightest = draw(some_code()).getextrema()

        assert darkest in range(30)
        assert lightest == 255
