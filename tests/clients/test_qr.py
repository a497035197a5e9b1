"""QR codes a scanner reads."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from app.clients.qr import QrCodes, draw
from benchmarks.qr_masks import DAMAGES, read_rates
from tests.codes import some_code

FIXED_MASK = 2


def scanned(png: bytes) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(png)))]


class TestPng:
    @pytest.mark.parametrize(
        "text",
        [
            pytest.param(some_code(), id="a ticket code"),
            "1",
            "0123456789",
            "https://tickets.example.com/t/1?a=b#c",
            "Zoë's 🎫",
            "x" * 2331,
            "A" * 3391,
        ],
    )
    def test_reads_back_as_the_text(self, text: str) -> None:
        assert scanned(QrCodes().png(text)) == [text]

    def test_is_black_and_white_and_of_a_handy_size(self) -> None:
        picture = Image.open(BytesIO(QrCodes().png("A" * 30)))

        assert (picture.format, picture.mode, picture.size) == ("PNG", "1", (330, 330))

    def test_has_a_quiet_zone_of_four_modules(self) -> None:
        picture = Image.open(BytesIO(QrCodes().png("A" * 30))).convert("L")

        dark = picture.point([255 - level for level in range(256)])

        assert dark.getbbox() == (40, 40, 290, 290)

    def test_survives_a_stain(self) -> None:
        code = some_code()
        picture = Image.open(BytesIO(QrCodes().png(code))).convert("L")

        picture.paste(255, (150, 150, 200, 200))

        assert any(found.text == code for found in zxingcpp.read_barcodes(picture))

    @pytest.mark.parametrize("text", ["x" * 2332, "A" * 3392, "1" * 5597, "\ud800"])
    def test_refuses_what_does_not_fit(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"too long|surrogates"):
            QrCodes().png(text)


class TestCache:
    def test_gives_the_same_drawing_again(self) -> None:
        painter = QrCodes()

        first = painter.png("TK1:1")

        assert painter.png("TK1:1") is first

    def test_forgets_the_one_asked_for_longest_ago(self) -> None:
        painter = QrCodes(max_cached=2)
        one, two = painter.png("1"), painter.png("2")

        painter.png("1")
        painter.png("3")

        assert painter.png("1") is one
        assert painter.png("2") is not two

    def test_serves_many_threads(self) -> None:
        painter = QrCodes(max_cached=5)
        texts = [f"TK1:{number % 20}" for number in range(400)]

        with ThreadPoolExecutor(8) as callers:
            drawings = list(callers.map(painter.png, texts))

        assert drawings == [draw(text) for text in texts]


class TestMask:
    def test_scans_as_well_as_the_one_chosen_by_score(self) -> None:
        codes = [some_code() for _ in range(60)]

        fixed, scored = read_rates(FIXED_MASK, codes), read_rates(None, codes)

        assert draw(codes[0]) == draw(codes[0], mask=FIXED_MASK)
        assert set(fixed) == {damage.__name__ for damage in DAMAGES}
        for damage, rate in fixed.items():
            assert rate >= scored[damage] - 0.05, damage
