"""Workbooks: what people typed stays text, numbers are numbers, and no sheet is too long."""

import gc
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, make_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from app.domain.money import Money
from app.domain.organizers.xlsx import MOST_ROWS, XlsxFile


class Status(StrEnum):
    PAID = "paid"


@dataclass(frozen=True)
class Row:
    text: str | None
    number: int = 7
    amount: Money | None = None
    at: datetime | None = None
    status: Status = Status.PAID


def written(
    rows: Sequence[Row], *, time_zone: str = "Africa/Lagos", most_rows: int = MOST_ROWS
) -> bytes:
    file = XlsxFile(Row, name="rows", time_zone=time_zone, most_rows=most_rows)
    return b"".join([file.begin(), *(file.add([row]) for row in rows), file.end()])


def sheet_of(content: bytes, name: str = "rows") -> Worksheet:
    found = load_workbook(io.BytesIO(content))[name]
    assert isinstance(found, Worksheet)
    return found


def cells_of(row: Row) -> list[Cell]:
    _, cells = sheet_of(written([row])).iter_rows()
    return [cell for cell in cells if isinstance(cell, Cell)]


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            '=HYPERLINK("https://evil.example")',
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "＝1+1",  # noqa: RUF001  a sign that Excel takes for the plain one
            "0012",
            "1e9",
            "TRUE",
            "2030-01-01",
            "https://evil.example",
            "<r><t>x</t></r>",
            '</t></is></c><c r="A9"><f>1+1</f></c>',
            "]]> & < > \" '",
            " two  spaces ",
            "a\tb\nc",
            "Adéṣọlá 🎫 \u202eabc",
            "",
        ],
    )
    def test_is_kept_as_text_whatever_it_looks_like(self, text: str) -> None:
        cell, *_ = cells_of(Row(text))

        assert (cell.value or "") == text
        assert cell.data_type != "f"
        assert cell.number_format == "@", "Text: also when somebody edits the cell"
        assert cell.quotePrefix
        assert cell.hyperlink is None

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("a\x00b", "a_x0000_b"),
            ("a\x1bb", "a_x001B_b"),
            ("a\rb", "a_x000D_b"),
            ("a\ufffeb", "a_xFFFE_b"),
            ("_x0041_", "_x005F_x0041_"),
            ("a\ud800b", "a\ufffdb"),
            ("_xyz_", "_xyz_"),
        ],
    )
    def test_that_xml_cannot_hold_is_escaped(self, text: str, kept: str) -> None:
        with zipfile.ZipFile(io.BytesIO(written([Row(text)]))) as parts:
            sheet = ElementTree.fromstring(parts.read("xl/worksheets/sheet1.xml"))

        texts = [element.text for element in sheet.iter() if element.tag.endswith("}t")]
        assert kept in texts

    def test_makes_no_formula_anywhere(self) -> None:
        content = written([Row("=1+1"), Row("<f>1+1</f>")])

        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            for name in parts.namelist():
                assert not re.search(rb"<(\w+:)?f[ >]", parts.read(name)), name


class TestValues:
    def test_keep_their_types(self) -> None:
        at = datetime(2030, 5, 1, 22, 30, 59, 999_999, tzinfo=UTC)
        _, number, amount, moment, status = cells_of(
            Row(None, 281_474_976_710_656, Money(-123_456, "NGN"), at)
        )

        assert number.value == 281_474_976_710_656
        assert (amount.value, amount.number_format) == (-1234.56, "#,##0.00")
        assert str(moment.value) == "2030-05-01 23:30:59", "in Lagos, to the second"
        assert moment.is_date
        assert status.value == "paid"

    def test_that_are_missing_leave_cells_empty(self) -> None:
        text, _, amount, moment, _ = cells_of(Row(None))

        assert (text.value, amount.value, moment.value) == (None, None, None)

    def test_are_told_in_the_zone_that_the_last_sheet_names(self) -> None:
        about = sheet_of(written([]), "about")

        assert [cell.value for cell in next(about.iter_rows())][1] == "Africa/Lagos"


class TestSheets:
    def test_go_on_in_another_when_one_is_full(self) -> None:
        content = written([Row(str(number)) for number in range(5)], most_rows=3)

        book = load_workbook(io.BytesIO(content))
        assert book.sheetnames == ["rows", "rows 2", "rows 3", "about"]
        told = [
            [row[0].value for row in sheet_of(content, name).iter_rows()]
            for name in book.sheetnames[:3]
        ]
        assert told == [["text", "0", "1"], ["text", "2", "3"], ["text", "4"]]

    def test_hold_no_more_than_excel_reads(self) -> None:
        assert MOST_ROWS == 1_048_576

    def test_without_rows_have_the_names_of_the_columns(self) -> None:
        (names,) = sheet_of(written([])).iter_rows()

        assert [cell.value for cell in names] == ["text", "number", "amount", "at", "status"]

    def test_have_letters_for_all_columns(self) -> None:
        """Behind Z comes AA."""
        names = [f"column{number}" for number in range(1, 29)]
        wide = make_dataclass("Wide", [(name, int) for name in names])
        file = XlsxFile(wide, name="wide", time_zone="UTC")

        content = file.begin() + file.add([wide(*range(28))]) + file.end()

        assert sheet_of(content, "wide")["AB2"].value == 27


class TestFile:
    def test_of_the_same_rows_is_the_same(self) -> None:
        assert written([Row("a")]) == written([Row("a")])

    def test_that_is_given_up_ends_quietly(self) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            file = XlsxFile(Row, name="rows", time_zone="UTC")
            file.begin()
            file.close()
            del file
            gc.collect()
