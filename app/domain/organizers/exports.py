"""Rows of an event as files for spreadsheet programs; as CSV (RFC 4180), or see ``xlsx.py``."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, Protocol
from zoneinfo import ZoneInfo

from app.domain.ids import OrderId
from app.domain.money import Money
from app.domain.organizers.reports import SaleKind
from app.domain.payments.ledger import Account
from app.domain.permissions import Action
from app.domain.states import OrderStatus

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


class ExportKind(StrEnum):
    """What of an event is exported."""

    ORDERS = "orders"
    ATTENDEES = "attendees"
    CHECK_INS = "check-ins"
    LEDGER = "ledger"


class ExportFormat(StrEnum):
    """How a file is written."""

    CSV = "csv"
    XLSX = "xlsx"


class ExportState(StrEnum):
    """How a prepared export stands."""

    WAITING = "waiting"
    RUNNING = "running"
    READY = "ready"
    """Its file can be downloaded until it expires."""
    FAILED = "failed"
    """It was given up; ask for it anew."""


UNFINISHED: Final = (ExportState.WAITING, ExportState.RUNNING)

MOST_IN_A_DAY: Final = 50
DAY: Final = timedelta(days=1)
"""So many exports a member may have prepared in this time: each keeps a file for some days."""


ACTIONS: Final[dict[ExportKind, Action]] = {
    ExportKind.ORDERS: Action.SEE_ORDERS,
    ExportKind.ATTENDEES: Action.SEE_ATTENDEES,
    ExportKind.CHECK_INS: Action.SEE_ATTENDEES,
    ExportKind.LEDGER: Action.SEE_MONEY,
}
"""What a member has to be allowed to do for each file."""

BYTE_ORDER_MARK: Final = "\ufeff"
"""At the start of a file: without it Excel does not take the text for UTF-8."""

# A formula may also begin behind a semicolon or a tab: where the comma is the decimal sign,
# spreadsheet programs separate cells by these, and then do not heed the quotes inside a cell.
# Full-width signs begin formulas as well (OWASP, "CSV Injection").
_FORMULA: Final = re.compile(r'(^(?=[\t\r\n])|(?:^|[;\t\r\n])(?="*[=+\-@＝＋－＠]))')  # noqa: RUF001  these signs are meant


@dataclass(frozen=True, slots=True)
class OrderRow:
    """An order as its export shows it."""

    order_id: OrderId
    status: OrderStatus
    placed_at: datetime
    closed_at: datetime | None
    buyer_name: str | None
    username: str
    email: str
    tickets: int
    promo_code: str | None
    discount: Money
    total: Money
    currency: str
    kind: SaleKind
    refunded: Money
    """Of its tickets, also where the money is on its way."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the ledger as its export shows it. A positive amount is a debit."""

    entry_id: int
    at: datetime
    posting: str
    account: Account
    amount: Money
    currency: str
    order_id: OrderId | None
    """What the posting is about."""
    kind: SaleKind | None


class ExportFile(Protocol):
    """A file that is written piece by piece: its beginning, any number of rows, its end."""

    def begin(self) -> bytes: ...

    def add(self, rows: "Iterable[DataclassInstance]") -> bytes: ...

    def end(self) -> bytes: ...

    def close(self) -> None:
        """Close the file, also an incomplete one."""
        ...


class CsvFile:
    """Writes values of one dataclass as lines; the columns are its fields.

    Moments are local ones of the zone with their offset (ISO 8601), amounts are in major units.
    """

    def __init__(self, kind: "type[DataclassInstance]", *, time_zone: str) -> None:
        self._columns = [field.name for field in fields(kind)]
        self._zone = ZoneInfo(time_zone)

    def begin(self) -> bytes:
        """What stands before the first row."""
        return (BYTE_ORDER_MARK + _lines([self._columns])).encode()

    def add(self, rows: "Iterable[DataclassInstance]") -> bytes:
        """The rows."""
        cells = ([self._cell(getattr(row, name)) for name in self._columns] for row in rows)
        return _lines(cells).encode()

    def end(self) -> bytes:
        """Nothing stands behind the last row."""
        return b""

    def close(self) -> None:
        """There is nothing to close."""

    def _cell(self, value: object) -> str:
        match value:
            case None:
                return ""
            case Money():
                return f"{value.major:.2f}"
            case datetime():
                return value.astimezone(self._zone).isoformat(timespec="seconds")
            case str():
                return as_text_cell(value)
        return str(value)


def as_text_cell(text: str) -> str:
    """The text with an apostrophe before what a spreadsheet program would run as a formula."""
    return _FORMULA.sub(r"\1'", text)


def _lines(rows: Iterable[Iterable[str]]) -> str:
    written = io.StringIO(newline="")
    csv.writer(written).writerows(rows)
    return written.getvalue()
