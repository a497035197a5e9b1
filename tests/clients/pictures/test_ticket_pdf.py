"""Tickets on paper."""

import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import pypdfium2
import pytest
from PIL import Image

from app.clients.pictures.ticket_pdf import PdfTickets
from app.clients.pictures.uploads import PillowDrawer
from app.domain.looks import ink_on
from app.domain.states import TicketStatus
from tests.support.codes import some_code
from tests.support.pictures import codes_on, photo
from tests.support.prints import YORUBA_TITLE, make_print, pdf_pixels, pdf_text

CODE = some_code()
DRAWER = PillowDrawer()


def words_of(pdf: bytes) -> str:
    """All that is written, in one line."""
    return " ".join(" ".join(pdf_text(pdf)).split())


def pdf_of(**values: object) -> bytes:
    return PdfTickets().pdf(make_print(**values), code=CODE)  # type: ignore[arg-type]  # fields


class TestPdf:
    def test_says_all_there_is_to_know(self) -> None:
        words = words_of(pdf_of())

        for said in (
            YORUBA_TITLE,
            "Ilé Orin",
            "Saturday, 1 June 2030 19:00 to 23:30 (WAT)",
            "Freedom Park, Broad Street, Lagos Island",
            "Regular",
            "Adébáyọ̀ Ọláńrewájú",
            "₦12,500.00",
            "Ticket 482, number 2 of order 311",
            "7K3M-9QXW-0A1B-ZYXW",
            "Ẹ má ṣe mú oúnjẹ wọlé.",
            "les fauteuils sont réservés",
        ):
            assert said in words, said

    @pytest.mark.parametrize(
        ("last", "said"),
        [(1, "When Saturday, 1 June 2030 Where"), (3, "When 1 to 3 June 2030 Where")],
    )
    def test_says_whole_days_without_a_time(self, last: int, said: str) -> None:
        begin, end = datetime(2030, 5, 31, 23, tzinfo=UTC), datetime(2030, 6, last, 23, tzinfo=UTC)

        words = words_of(pdf_of(starts_at=begin, ends_at=end, all_day=True))

        assert said.casefold() in words.casefold()

    @pytest.mark.parametrize(
        ("values", "said"),
        [
            ({"ends_at": None}, "1 June 2030 19:00 (WAT)"),
            (
                {"ends_at": datetime(2030, 6, 2, 3, tzinfo=UTC)},
                "1 June 2030 19:00 until 2 June, 04:00 (WAT)",
            ),
            ({"paid_minor": 0}, "Price paid Free"),
            ({"paid_minor": 30_000, "currency": "KES"}, "KSh 300.00"),
            ({"paid_minor": 30_000, "currency": "GHS"}, "GH₵300.00"),
            ({"status": TicketStatus.VOID}, "This ticket was refunded: it opens no door."),
            (
                {"revoked_at": datetime(2030, 5, 2, tzinfo=UTC)},
                "This ticket was barred by the organizer: it opens no door.",
            ),
        ],
    )
    def test_says_it_as_it_is(self, values: dict[str, object], said: str) -> None:
        assert said in words_of(pdf_of(**values))

    def test_needs_neither_terms_nor_an_organizer(self) -> None:
        words = words_of(pdf_of(terms=None, organizer=None))

        assert "Terms" not in words
        assert words.startswith("Ticket Ọjọ́")

    def test_takes_markup_for_text(self) -> None:
        title = "<b>R&B</b> <img src='file:///etc/passwd'/> <font color='[].__class__'>x</font>"

        words = words_of(pdf_of(title=title, terms=title, holder=title, location=title))

        assert words.count("<b>R&B</b>") == 4

    @pytest.mark.parametrize(
        "title", ["W" * 200, "very long " * 20, "Ọ̀" * 100, "日本" * 60, "🎫" * 50, "x"]
    )
    def test_keeps_its_words_on_the_paper(self, title: str) -> None:
        pdf = pdf_of(title=title, location=title, holder=title[:120], terms=title * 5)

        for page in pages_of(pdf):
            width, _ = page.get_size()
            text = page.get_textpage()
            for number in range(text.count_rects()):
                left, bottom, right, _ = text.get_rect(number)
                assert 40 <= left < right <= width - 40
                assert bottom >= 40
        assert codes_on(pdf_pixels(pdf)) == [CODE]

    def test_goes_on_over_pages_with_long_terms(self) -> None:
        pages = pdf_text(pdf_of(terms="\n".join(f"Rule {number}." for number in range(200))))

        assert len(pages) == 5
        said = re.findall(r"Rule (\d+)\.", " ".join(pages))
        assert said == [str(number) for number in range(200)]

    def test_leaves_out_what_is_not_to_be_seen(self) -> None:
        words = words_of(pdf_of(title="Party\u200d\u202e night\x07!\ufe0f"))

        assert "Party night!" in words

    @pytest.mark.parametrize("text", ["አዲስ አበባ", "สมชาย", "ⵣ", "Ⴀ"])
    def test_draws_what_dejavu_lacks(self, text: str) -> None:
        words = words_of(pdf_of(title=text, holder=text))

        assert words.count(text) == 2
        assert "cannot be printed" not in words

    def test_draws_emoji(self) -> None:
        # ReportLab does not tell readers the characters beyond 16 bits, so pixels are compared.
        drawn, empty = (pdf_pixels(pdf_of(title=text)) for text in ("\N{PARTY POPPER}", "\u200d"))

        assert drawn.tobytes() != empty.tobytes()

    def test_says_what_it_cannot_draw(self) -> None:
        words = words_of(pdf_of(title="東京 Jazz", terms=None))

        assert "□□ Jazz" in words
        assert "□ is a letter that cannot be printed here; the ticket's page shows it." in words

    def test_has_a_name_for_readers(self) -> None:
        document = pypdfium2.PdfDocument(pdf_of(title="R&B (night)"))

        found = document.get_metadata_dict()

        assert found["Title"] == "Ticket 482: R&B (night)"
        assert found["Author"] == "Ilé Orin"

    def test_is_small(self) -> None:
        assert len(pdf_of()) < 60_000


class TestCache:
    def test_gives_the_same_file_again(self) -> None:
        painter = PdfTickets()

        first = painter.pdf(make_print(), code=CODE)

        assert painter.pdf(make_print(), code=CODE) is first
        assert painter.pdf(make_print(holder="Bola"), code=CODE) != first
        assert PdfTickets().pdf(make_print(), code=CODE) == first

    def test_serves_many_threads(self) -> None:
        prints = [make_print(title=f"Night {chr(65 + number)} ọ́ ₦") for number in range(12)]
        shared = PdfTickets(max_cached=1)

        with ThreadPoolExecutor(6) as callers:
            drawn = list(callers.map(lambda printed: shared.pdf(printed, code=CODE), prints))

        assert drawn == [PdfTickets().pdf(printed, code=CODE) for printed in prints]


class TestReportLab:
    @pytest.mark.slow
    def test_is_not_loaded_with_the_app(self) -> None:
        script = "import sys, app.main; print('reportlab' in sys.modules)"

        run = subprocess.run(
            [sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60
        )

        assert run.stdout.strip() == "False"


def pages_of(pdf: bytes) -> list[pypdfium2.PdfPage]:
    return list(pypdfium2.PdfDocument(pdf))


class TestLook:
    """The colour and the logo of the organization."""

    @staticmethod
    def drawn(colour: str | None, logo: bytes | None = None) -> Image.Image:
        printed = replace(make_print(), colour=colour)
        return colours_of(PdfTickets().pdf(printed, code=CODE, logo=logo))

    @pytest.mark.parametrize("colour", ["#1a5fb4", "#ffd400", "#000000", "#ffffff"])
    def test_is_that_of_the_band_whose_words_can_be_read(self, colour: str) -> None:
        picture = self.drawn(colour)

        band = picture.crop((120, 100, 1050, 200))
        found = {
            f"#{bytes(each).hex()}"
            for _, each in band.getcolors(10_000) or []
            if isinstance(each, tuple)
        }
        assert {colour, ink_on(colour)} <= found
        assert codes_on(picture) == [CODE]

    def test_is_dark_without_one(self) -> None:
        assert self.drawn(None).getpixel((120, 100)) == (0x12, 0x18, 0x1F)

    def test_has_the_logo_on_white(self) -> None:
        logo = DRAWER.draw_logo(photo(400, 400, kind="PNG", mode="RGBA", colour="#00000000"))
        (content,) = logo.files.values()

        without, drawn = self.drawn("#1a5fb4"), self.drawn("#1a5fb4", content)

        plate = (880, 90, 1070, 200)
        assert orange_in(without.crop(plate)) == 0
        assert orange_in(drawn.crop(plate)) > 500
        assert codes_on(drawn) == [CODE]
        assert "Ilé Orin" in words_of(
            PdfTickets().pdf(replace(make_print(), colour="#1a5fb4"), code=CODE, logo=content)
        )

    def test_makes_the_same_of_the_same(self) -> None:
        (logo,) = DRAWER.draw_logo(photo(500, 300)).files.values()

        once, again = (PdfTickets().pdf(make_print(), code=CODE, logo=logo) for _ in range(2))

        assert once == again
        assert len(once) < 100_000


def orange_in(picture: Image.Image) -> int:
    """How many pixels are as orange as a test's picture."""
    return sum(
        count
        for count, colour in picture.getcolors(100_000) or []
        if isinstance(colour, tuple) and colour[0] > 240 and 150 < colour[1] < 180
    )


def colours_of(pdf: bytes) -> Image.Image:
    """The first page as it is seen."""
    document = pypdfium2.PdfDocument(pdf)
    picture: Image.Image = document[0].render(scale=2).to_pil().convert("RGB")
    document.close()
    return picture
