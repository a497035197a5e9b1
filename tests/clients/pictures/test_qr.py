"""QR codes a scanner reads."""

import hashlib
import re
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from xml.etree import ElementTree

import pytest
from PIL import Image

from app.clients.pictures.qr import QrCodes, Rows, dark_runs, modules_of
from tests.support.codes import some_code
from tests.support.pictures import codes_in, codes_on

SVG = "{http://www.w3.org/2000/svg}"


def spelled(rows: Rows) -> list[str]:
    return ["".join("01"[is_dark] for is_dark in row) for row in rows]


def modules_seen(picture: Image.Image) -> list[str]:
    """The modules of a ticket's code, read off the middle of each."""
    dark = picture.convert("L").point(lambda level: 255 - level)
    _, top, _, _ = dark.getbbox() or (0, 0, 0, 0)
    left, _, _, _ = dark.crop((0, 0, dark.width, top + 1)).getbbox() or (0, 0, 0, 0)
    finder = dark.crop((left, top, dark.width, top + 1))
    scale = next(x for x in range(1, 999) if not finder.getpixel((x, 0))) // 7
    middle = scale // 2
    return [
        "".join(
            "1" if dark.getpixel((left + x * scale + middle, top + y * scale + middle)) else "0"
            for x in range(41)
        )
        for y in range(41)
    ]


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
        assert codes_in(QrCodes().png(text)) == [text]

    def test_is_black_and_white_and_of_a_handy_size(self) -> None:
        picture = Image.open(BytesIO(QrCodes().png("A" * 30)))

        assert (picture.format, picture.mode, picture.size) == ("PNG", "1", (330, 330))

    def test_has_a_quiet_zone_of_four_modules(self) -> None:
        picture = Image.open(BytesIO(QrCodes().png("A" * 30))).convert("L")

        dark = picture.point([255 - level for level in range(256)])

        assert dark.getbbox() == (40, 40, 290, 290)

    @pytest.mark.parametrize("caption", ["", "7K3M-9QXW-0A1B-ZYXW"])
    @pytest.mark.parametrize("pixels", [120, 121, 293, 330, 511, 2000])
    def test_is_as_large_as_asked_for_and_its_modules_are_whole_pixels(
        self, pixels: int, caption: str
    ) -> None:
        code = some_code()

        picture = Image.open(BytesIO(QrCodes().png(code, caption=caption, pixels=pixels)))

        assert (picture.mode, picture.size) == ("1", (pixels, pixels))
        assert modules_seen(picture) == spelled(modules_of(code))
        assert codes_in(QrCodes().png(code, caption=caption, pixels=pixels)) == [code]

    def test_is_larger_than_asked_for_if_it_must(self) -> None:
        picture = Image.open(BytesIO(QrCodes().png("x" * 2331, pixels=120)))

        assert picture.size == (185, 185)

    def test_has_its_caption_below_the_quiet_zone(self) -> None:
        code = some_code()
        plain = Image.open(BytesIO(QrCodes().png(code, pixels=540)))
        captioned = Image.open(BytesIO(QrCodes().png(code, caption="WWWW-WWWW", pixels=540)))

        strip = captioned.crop((0, 490, 540, 540)).convert("L").point(lambda level: 255 - level)

        assert plain.size == captioned.size
        box = strip.getbbox()
        assert box is not None
        left, top, right, bottom = box
        assert 540 - right == pytest.approx(left, abs=5), "in the middle"
        assert bottom - top >= 20, "as large as fits"
        assert top >= 4

    @pytest.mark.parametrize("pixels", [120, 330, 1000])
    def test_has_a_caption_of_letters_that_differ(self, pixels: int) -> None:
        letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

        pictures = {
            QrCodes().png("1", caption=f"{letter}000-0000-0000-0000", pixels=pixels)
            for letter in letters
        }

        assert len(pictures) == len(letters)

    def test_survives_a_stain(self) -> None:
        code = some_code()
        picture = Image.open(BytesIO(QrCodes().png(code))).convert("L")

        picture.paste(255, (150, 150, 200, 200))

        assert code in codes_on(picture)

    @pytest.mark.parametrize("text", ["x" * 2332, "A" * 3392, "1" * 5597, "\ud800"])
    def test_refuses_what_does_not_fit(self, text: str) -> None:
        with pytest.raises(ValueError, match=r"Invalid version \(was 41|surrogates"):
            QrCodes().png(text)


class TestModules:
    @pytest.mark.parametrize(
        ("text", "side", "digest"),
        [
            ("1", 21, "e244c27b27cdff41"),
            ("0123456789" * 5, 25, "44af97a2bc4fdcca"),
            ("TK1:" + "A0$%*+-./:" * 12, 41, "3eafd74035119e75"),
            ("TK1:" + "Z9 " * 50 + "00", 45, "d6a25244921fcc49"),
            ("https://tickets.example.com/t/1?a=b#c", 29, "33884cf4ca4b52e7"),
            ("Zoë's 🎫", 21, "92c7e02f7c826860"),
            ("x" * 2331, 177, "43c815528bdf6507"),
        ],
        ids=["digit", "digits", "ticket", "longer", "link", "bytes", "full"],
    )
    def test_stay_as_they_are_on_printed_tickets(self, text: str, side: int, digest: str) -> None:
        rows = spelled(modules_of(text))

        assert (len(rows), {len(row) for row in rows}) == (side, {side})
        assert hashlib.sha256("\n".join(rows).encode()).hexdigest().startswith(digest)

    def test_of_a_ticket_code_are_41_a_side(self) -> None:
        assert {len(modules_of(some_code(ticket_id=id_))) for id_ in (1, 2**48 - 1)} == {41}

    def test_come_in_runs(self) -> None:
        rows = [[module == "1" for module in row] for row in ("0110", "0000", "1011", "1111")]

        assert list(dark_runs(rows)) == [
            (1, 0, 2),
            (0, 2, 1),
            (2, 2, 2),
            (0, 3, 4),
        ]


class TestSvg:
    def test_is_one_path_of_the_modules_and_words(self) -> None:
        code = some_code()

        svg = ElementTree.fromstring(
            QrCodes().svg(code, title="Ticket 1: R&B <night>", caption="7K3M-9QXW")
        )

        assert svg.findtext(f"{SVG}title") == "Ticket 1: R&B <night>"
        assert svg.findtext(f"{SVG}text") == "7K3M-9QXW"
        (path,) = svg.findall(f"{SVG}path")
        assert path.get("shape-rendering") == "crispEdges"
        runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path.get("d", ""))
        drawn = [tuple(int(number) for number in run) for run in runs]
        assert drawn == [(x + 4, y + 4, length) for x, y, length in dark_runs(modules_of(code))]

    @pytest.mark.parametrize(("pixels", "high"), [(330, 324), (120, 108), (2000, 1998)])
    def test_is_about_as_large_as_asked_for(self, pixels: int, high: int) -> None:
        svg = ElementTree.fromstring(
            QrCodes().svg(some_code(), title="", caption="7K3M", pixels=pixels)
        )

        assert svg.get("height") == str(high)
        assert svg.get("viewBox") == "0 0 49 54"

    def test_needs_no_caption(self) -> None:
        svg = ElementTree.fromstring(QrCodes().svg(some_code(), title="Ticket 1"))

        assert svg.find(f"{SVG}text") is None
        assert svg.get("viewBox") == "0 0 49 49"

    def test_has_no_letters_that_xml_has_not(self) -> None:
        svg = QrCodes().svg("1", title="bell \x07 and \ufffe", caption="1")

        assert ElementTree.fromstring(svg).findtext(f"{SVG}title") == "bell  and "


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

        assert drawings == [QrCodes().png(text) for text in texts]
