"""Files that people open: what is told in them, and what hostile texts became part of."""

import csv
import io
import zipfile
from collections.abc import Callable, Mapping
from typing import Final
from xml.etree import ElementTree

from icalendar import Calendar

Found = tuple[list[str], list[str]]
"""The texts of a file, and what is wrong with it."""

BEGINS_FORMULAS: Final = ("=", "+", "-", "@", "\t", "\r")
OF_DRAWINGS: Final = {"svg", "title", "rect", "path", "text", "g"}
OF_CALENDARS: Final = {"VCALENDAR", "VEVENT"}
OF_ENTRIES: Final = {
    *("UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "SUMMARY", "DTSTART", "DTEND"),
    *("LOCATION", "DESCRIPTION", "CATEGORIES", "URL", "STATUS"),
}


def read_csv(content: bytes) -> Found:
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for cell in row]
    return cells, [
        cell for cell in cells if cell.startswith(BEGINS_FORMULAS) and not _is_number(cell)
    ]


def read_workbook(content: bytes) -> Found:
    words: list[str] = []
    faults: list[str] = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            for element in ElementTree.fromstring(archive.read(name)).iter():
                words += [element.text] if element.text else []
                if _name_of(element) in ("f", "hyperlink"):
                    faults.append(f"{name}: {element.text!r}")
    return words, faults


def read_calendar(content: bytes) -> Found:
    calendar = Calendar.from_ical(content)
    words = [str(value) for each in calendar.walk("VEVENT") for value in each.values()]
    unknown = {str(each.name) for each in calendar.walk()} - OF_CALENDARS
    unknown |= {name for each in calendar.walk("VEVENT") for name in each} - OF_ENTRIES
    return words, sorted(unknown)


def read_drawing(content: bytes) -> Found:
    elements = list(ElementTree.fromstring(content).iter())
    words = [element.text for element in elements if element.text]
    return words, [name for name in map(_name_of, elements) if name not in OF_DRAWINGS]


def read_pdf(content: bytes) -> Found:
    return [], [] if content.startswith(b"%PDF-") and b"/JavaScript" not in content else ["no PDF"]


def _name_of(element: "ElementTree.Element[str]") -> str:
    return element.tag.rpartition("}")[2]


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal()


READERS: Final[Mapping[str, Callable[[bytes], Found]]] = {
    "text/csv": read_csv,
    "text/calendar": read_calendar,
    "image/svg+xml": read_drawing,
    "application/pdf": read_pdf,
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": read_workbook,
}
