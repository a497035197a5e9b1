"""Rows as a workbook that Excel opens (Office Open XML, ECMA-376), written while it is sent.

Own code, as no library writes one without a second copy on disk; XlsxWriter also takes a text that
looks like ``<r>…</r>`` for XML of its own. All text goes through ``_escaped`` here.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from typing import IO, TYPE_CHECKING, Final
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from app.domain.money import Money

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

MOST_ROWS: Final = 1_048_576
"""Of a sheet, the names of the columns among them; Excel reads no more. Then comes a new sheet."""

MOST_BYTES: Final = 1_500_000_000
"""Of a sheet before it is compressed: a part of a plain ZIP file has less than 2 GiB."""

_DAY_ZERO: Final = datetime(1899, 12, 30)  # noqa: DTZ001  (Excel knows no zones)
_COMPRESSION: Final = 6

# ECMA-376, 22.9.2.19: what XML cannot hold is written as _xHHHH_, and so is what looks like that.
_NOT_XML: Final = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_HALF: Final = re.compile("[\ud800-\udfff]")

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

_NAME, _TEXT, _MOMENT, _AMOUNT = 1, 2, 3, 4
"""Styles, by their place in ``cellXfs``."""

_STYLES: Final = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0"'
    ' applyNumberFormat="1" applyFont="1"/>'
    # Text stays text, also once the cell was edited: no formula begins in it.
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0"'
    ' quotePrefix="1" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


class XlsxFile:
    """Writes values of one dataclass as rows; the columns are its fields.

    Texts are text whatever they begin with, counts and amounts numbers, moments local ones of the
    zone, which a sheet ``about`` names.

    Args:
        kind: the dataclass.
        name: what the sheets are called; the second one has a 2 behind it.
        time_zone: the zone of its moments.
        most_rows: of a sheet.
    """

    def __init__(
        self,
        kind: "type[DataclassInstance]",
        *,
        name: str,
        time_zone: str,
        most_rows: int = MOST_ROWS,
    ) -> None:
        self._columns = [field.name for field in fields(kind)]
        self._letters = [_letters(number) for number in range(1, len(self._columns) + 1)]
        self._name = name
        self._time_zone = time_zone
        self._zone = ZoneInfo(time_zone)
        self._most_rows = most_rows
        self._written = _Written()
        self._zip = ZipFile(self._written, "w", ZIP_DEFLATED, compresslevel=_COMPRESSION)
        self._sheets: list[str] = []
        self._sheet: IO[bytes] | None = None
        self._rows = self._bytes = 0

    def begin(self) -> bytes:
        """What stands before the first row."""
        self._begin_sheet()
        return self._written.taken()

    def add(self, rows: "Iterable[DataclassInstance]") -> bytes:
        """The rows as far as they are compressed by now; the rest comes with what follows."""
        for row in rows:
            if self._rows >= self._most_rows or self._bytes >= MOST_BYTES:
                self._end_sheet()
                self._begin_sheet()
            self._write(
                self._cell(getattr(row, column), letters)
                for column, letters in zip(self._columns, self._letters, strict=True)
            )
        return self._written.taken()

    def end(self) -> bytes:
        """What stands behind the last row."""
        self._end_sheet()
        self._write_about()
        for name, content in _parts(self._sheets):
            self._zip.writestr(_entry(name), content)
        self._zip.close()
        return self._written.taken()

    def close(self) -> None:
        """Close and remove the file, also an incomplete one; errors of it are ignored."""
        if self._sheet is not None:
            self._sheet.close()
        self._zip.close()

    def _begin_sheet(self) -> None:
        number = len(self._sheets) + 1
        self._open(self._name if number == 1 else f"{self._name} {number}")
        self._put(
            '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
            'activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
            f'<cols><col min="1" max="{len(self._columns)}" width="20" customWidth="1"/></cols>'
            "<sheetData>"
        )
        self._write(
            _text(name, letters, 1, _NAME)
            for name, letters in zip(self._columns, self._letters, strict=True)
        )

    def _write_about(self) -> None:
        self._open("about")
        self._put('<cols><col min="1" max="2" width="40" customWidth="1"/></cols><sheetData>')
        told = (
            ("Moments are local ones of", self._time_zone),
            ("Amounts are in", "major units of the currency beside them"),
        )
        for what, value in told:
            number = self._rows + 1
            self._write((_text(what, "A", number, _NAME), _text(value, "B", number, _TEXT)))
        self._end_sheet()

    def _open(self, name: str) -> None:
        self._sheets.append(name)
        self._sheet = self._zip.open(_entry(f"xl/worksheets/sheet{len(self._sheets)}.xml"), "w")
        self._rows = self._bytes = 0
        self._put(f'{_HEAD}<worksheet xmlns="{_MAIN}">')

    def _end_sheet(self) -> None:
        if self._sheet is not None:
            self._put("</sheetData></worksheet>")
            self._sheet.close()
            self._sheet = None

    def _write(self, cells: Iterable[str]) -> None:
        number = self._rows + 1
        self._put(f'<row r="{number}">{"".join(cells)}</row>')
        self._rows = number

    def _put(self, text: str) -> None:
        content = text.encode()
        self._bytes += len(content)
        if self._sheet is not None:
            self._sheet.write(content)

    def _cell(self, value: object, letters: str) -> str:
        number = self._rows + 1
        match value:
            case None:
                return ""
            case Money():
                return f'<c r="{letters}{number}" s="{_AMOUNT}"><v>{value.major:.2f}</v></c>'
            case datetime():
                days = _days(value.astimezone(self._zone))
                return f'<c r="{letters}{number}" s="{_MOMENT}"><v>{days:.10f}</v></c>'
            case int():
                return f'<c r="{letters}{number}"><v>{value:d}</v></c>'
        return _text(str(value), letters, number, _TEXT)


class _Written:
    """Takes what a ZIP file writes, until it is sent. It has no place to go back to."""

    def __init__(self) -> None:
        self._content = bytearray()

    def write(self, content: bytes) -> int:
        self._content += content
        return len(content)

    def flush(self) -> None:
        """Nothing is kept back."""

    def close(self) -> None:
        """Nothing is open."""

    def taken(self) -> bytes:
        taken, self._content = bytes(self._content), bytearray()
        return taken


def _text(text: str, letters: str, number: int, style: int) -> str:
    return (
        f'<c r="{letters}{number}" s="{style}" t="inlineStr">'
        f'<is><t xml:space="preserve">{_escaped(text)}</t></is></c>'
    )


def _escaped(text: str) -> str:
    whole = _HALF.sub("\ufffd", text)
    return escape(_NOT_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", whole))


def _days(local: datetime) -> float:
    """Days since Excel's day 0, to the second."""
    return (local.replace(tzinfo=None, microsecond=0) - _DAY_ZERO) / timedelta(days=1)


def _letters(number: int) -> str:
    """What a column is called: ``A`` to ``Z``, then ``AA``."""
    before, last = divmod(number - 1, 26)
    return (_letters(before) if before else "") + chr(ord("A") + last)


def _entry(name: str) -> ZipInfo:
    """A part of the file, which names no time: the same rows make the same bytes."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    return entry


def _parts(sheets: Sequence[str]) -> Iterable[tuple[str, str]]:
    """All parts but the sheets themselves."""
    numbered = list(enumerate(sheets, start=1))
    yield "xl/styles.xml", _STYLES
    yield (
        "xl/workbook.xml",
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
        + "".join(
            f'<sheet name="{escape(name)}" sheetId="{number}" r:id="rId{number}"/>'
            for number, name in numbered
        )
        + "</sheets></workbook>",
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
        + "".join(
            f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" '
            f'Target="worksheets/sheet{number}.xml"/>'
            for number, _ in numbered
        )
        + f'<Relationship Id="rId{len(sheets) + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>",
    )
    yield (
        "_rels/.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield (
        "[Content_Types].xml",
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{number}.xml" '
            f'ContentType="{_TYPE}.worksheet+xml"/>'
            for number, _ in numbered
        )
        + "</Types>",
    )
