"""Cells of exports: what people typed never runs, and what is ours reads as it is."""

import csv
import io
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from app.domain.money import Money
from app.domain.organizers.exports import BYTE_ORDER_MARK, CsvFile


@dataclass(frozen=True)
class Row:
    text: str | None
    number: int = -1
    amount: Money | None = None
    at: datetime | None = None


def cell(text: str) -> str:
    lines = CsvFile(Row, time_zone="Africa/Lagos").add([Row(text)]).decode()
    ((found, *_),) = csv.reader(io.StringIO(lines, newline=""), strict=True)
    return found


class TestText:
    @pytest.mark.parametrize(
        "text",
        [
            '=HYPERLINK("https://evil.example")',
            "+1+1",
            "-1+1",
            "@SUM(A1)",
            "\t=1+1",
            "\r=1+1",
            "\n=1+1",
            "＝1+1",  # noqa: RUF001  a sign that Excel takes for the plain one
        ],
    )
    def test_that_would_be_a_formula_begins_with_an_apostrophe(self, text: str) -> None:
        assert cell(text).startswith("'")
        assert cell(text).replace("'", "") == text

    @pytest.mark.parametrize("text", ["Ada;=1+1", 'Ada;"=1+1"', "Ada\t@SUM(A1)", "Ada\r\n=1+1"])
    def test_has_none_where_other_separators_hold(self, text: str) -> None:
        """As where the comma is the decimal sign."""
        found = cell(text)

        assert found.replace("'", "") == text
        assert found[found.index("'") - 1] in ";\t\n"

    @pytest.mark.parametrize(
        "text",
        ["Ada, Bola", 'the "one"', "a+b@example.com", "2 - 1 = 1", "1; 2", "a\r\nb", "Adéṣọlá", ""],
    )
    def test_that_is_none_stays_as_it_is(self, text: str) -> None:
        assert cell(text) == text


class TestFile:
    def test_is_one_that_spreadsheet_programs_read(self) -> None:
        file = CsvFile(Row, time_zone="Africa/Lagos")

        assert file.begin().decode() == f"{BYTE_ORDER_MARK}text,number,amount,at\r\n"
        loss = Row(None, amount=Money(-250_050, "NGN"), at=datetime(2027, 3, 1, 23, 30, tzinfo=UTC))
        assert file.add([loss, Row("a, b")]).decode() == (
            ',-1,-2500.50,2027-03-02T00:30:00+01:00\r\n"a, b",-1,,\r\n'
        )
