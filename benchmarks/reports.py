"""Measures reports and exports of one large event, beside a plain count of its orders.

    python -m benchmarks.reports [--orders 300000] [--rows 100000] [--database sqlite]

Times are of this process and its database, so that memory can be told: how much more the process
took than before. The last column says how many times as long it took as counting the orders.
"""

import argparse
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

from app.config import Settings
from app.database.migrations import migrate
from app.domain.ids import EventId, OrganizationId, TicketTypeId
from app.domain.organizers.exports import ExportFormat, ExportKind
from app.domain.organizers.reports import Period
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.events.new_events import NewEvent
from app.services.organizers.exports import ExportService
from app.services.organizers.reports import ReportService
from app.wiring.command_context import command_context
from benchmarks.shops import PASSWORD, database_of

MEBIBYTE: Final = 1024 * 1024
PAGE: Final = 4096
NUMBERS: Final = (
    "WITH RECURSIVE n(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM n WHERE i < {last})"
)
AT_ONCE: Final = 10_000
DAYS: Final = 90
BEGAN: Final = datetime(2030, 1, 1, 8, tzinfo=UTC)

ORDERS: Final = """INSERT INTO orders (id, buyer_id, event_id, total_minor, discount_minor,
  currency, status, placed_at, expires_at)
{numbers} SELECT i, {user}, {event}, 250000, 0, 'NGN', 'paid', {at}, {at} FROM n"""
TICKETS: Final = """INSERT INTO tickets (id, order_id, number, user_id, event_id, ticket_type_id,
  attendee_name, code, link_key, paid_minor, status, purchase_date, version, key_id, inside)
{numbers} SELECT i, i, 1, {user}, {event}, {type}, 'Ada Obi', 'C' || i, 'L' || i, 250000, 'valid',
  {at}, 1, 1, {false} FROM n"""
ITEMS: Final = """INSERT INTO order_items (order_id, ticket_type_id, quantity, unit_price_minor,
  unit_discount_minor, attendees, event_id)
{numbers} SELECT i, {type}, 1, 250000, 0, '[]', {event} FROM n"""
SCANS: Final = """INSERT INTO check_ins (id, event_id, ticket_id, scan_id, direction, verdict,
  reason, gate, scanned_at, received_at)
{numbers} SELECT i, {event}, i, 's' || i, 'in', 'accepted', 'admitted', 'Gate ' || (i % 8), {at},
  {at} FROM n"""
LINES: Final = """INSERT INTO ledger_entries (posting, account, amount_minor, currency, event_id,
  at)
{numbers} SELECT 'sale:payment:' || i, '{account}', {minor}, 'NGN', {event}, {at} FROM n"""
ACCOUNTS: Final = (("paystack", 246_250), ("fees", 3_750), ("sales", -250_000))


@dataclass(frozen=True, slots=True, kw_only=True)
class Show:
    """A database with one large event, and another whose rows stand between its rows."""

    database: Database
    organizer: User
    event_id: EventId
    organization_id: OrganizationId
    type: TicketTypeId
    other_id: EventId
    other_type: TicketTypeId


@dataclass(frozen=True, slots=True)
class Measured:
    """How long something took, and how much more memory the process had then."""

    about: str
    seconds: float
    mebibytes: float


def main(arguments: Sequence[str] | None = None) -> int:
    options = parse(arguments)
    kinds = ("sqlite", "postgresql") if options.database == "both" else (options.database,)
    for kind in kinds:
        print(f"\n{kind}: {options.orders:,} orders, exports of {options.rows:,} rows")
        print(f"{'':<36}{'seconds':>10}{'MiB more':>10}{'x count':>10}")
        with large_event(kind, options.orders) as show:
            for line in table(measure(show, options.rows)):
                print(line, flush=True)
    return 0


def parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=300_000)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql", "both"), default="both")
    return parser.parse_args(arguments)


def measure(show: Show, rows: int) -> Iterator[Measured]:
    """The count first, which the others are compared with."""
    reports, exports = ReportService(database=show.database), ExportService(database=show.database)
    event, organizer = show.event_id, show.organizer

    def count() -> None:
        with show.database.reading() as work:
            work.exports.count(ExportKind.ORDERS, event)

    yield measured("count of orders", count)
    yield measured("sales report", lambda: reports.sales(event_id=event, organizer=organizer))
    yield measured(
        "attendance report", lambda: reports.attendance(event_id=event, organizer=organizer)
    )
    yield measured(
        "organization's report, 30 days",
        lambda: reports.organization_sales(
            organization_id=show.organization_id,
            member=organizer,
            period=Period(BEGAN.date(), BEGAN.date() + timedelta(days=30)),
        ),
    )
    for kind in ExportKind:
        for form in ExportFormat:
            pieces = exports.write(kind=kind, form=form, event_id=event, organizer=organizer)
            yield measured(f"export of {kind}, {form}", partial(read, pieces, rows))


def read(pieces: Iterator[bytes], rows: int) -> None:
    """Take so many rows of an export, a thousand in each piece behind its beginning."""
    for number, _ in enumerate(pieces):
        if number * 1000 >= rows:
            return


def table(found: Iterator[Measured]) -> Iterator[str]:
    count = None
    for each in found:
        count = count or each.seconds
        yield (
            f"{each.about:<36}{each.seconds:>10.3f}{each.mebibytes:>10.1f}"
            f"{each.seconds / count:>10.1f}"
        )


def measured(about: str, call: Callable[[], object]) -> Measured:
    before, done, most = resident(), threading.Event(), [0.0]

    def watch() -> None:
        while not done.wait(0.01):
            most[0] = max(most[0], resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    began = time.perf_counter()
    call()
    took = time.perf_counter() - began
    done.set()
    watcher.join()
    return Measured(about, took, max(most[0], resident()) - before)


def resident() -> float:
    """MiB of memory this process has; 0 where the system does not tell."""
    told = Path("/proc/self/statm")
    return int(told.read_text().split()[1]) * PAGE / MEBIBYTE if told.exists() else 0


@contextmanager
def large_event(kind: str, orders: int) -> Iterator[Show]:
    """An event with so many orders of a ticket each, all of which were scanned."""
    with tempfile.TemporaryDirectory(prefix="tickets-bench-") as name:
        folder = Path(name)
        with database_of(kind, folder, 1) as (url,):
            settings = Settings(_env_file=None, var_dir=folder / "var", database_url=url)
            with command_context(settings) as context:
                migrate(context.database)
                show = _show(context.services, context.database)
                with show.database.engines.migrating.begin() as connection:
                    _fill(connection, show, orders)
                yield show


def _show(services: Services, database: Database) -> Show:
    organizer = services.users.register(
        email="organizer@example.com",
        username="organizer",
        password=PASSWORD,
        role=Role.ORGANIZER,
        email_is_confirmed=True,
    )
    event, other = (
        services.events.create(
            organizer=organizer,
            new=NewEvent(
                title="A stadium",
                starts_at=BEGAN + timedelta(days=DAYS),
                location="Lagos",
                price=Decimal(2500),
                time_zone="Africa/Lagos",
                currency="NGN",
            ),
        )
        for _ in range(2)
    )
    return Show(
        database=database,
        organizer=organizer,
        event_id=event.id,
        organization_id=event.organization_id,
        type=event.ticket_types[0].id,
        other_id=other.id,
        other_type=other.ticket_types[0].id,
    )


def _fill(connection: Connection, show: Show, orders: int) -> None:
    """Sales spread over ``DAYS``, made by the database itself; each fourth is of another event."""
    is_sqlite = connection.dialect.name == "sqlite"
    step, began = DAYS * 86_400 // max(orders, 1), int(BEGAN.timestamp())
    moment = f"{began} + i * {step}"
    values = {
        "user": show.organizer.id,
        "event": f"CASE WHEN i % 4 = 0 THEN {show.other_id} ELSE {show.event_id} END",
        "type": f"CASE WHEN i % 4 = 0 THEN {show.other_type} ELSE {show.type} END",
        "false": "0" if is_sqlite else "false",
        "at": f"strftime('%Y-%m-%d %H:%M:%S.000000', {moment}, 'unixepoch')"
        if is_sqlite
        else f"to_timestamp({moment})",
    }
    sales = orders * 4 // 3
    for first in range(1, sales + 1, AT_ONCE):
        numbers = NUMBERS.format(first=first, last=min(first + AT_ONCE - 1, sales))
        for rows in (ORDERS, ITEMS, TICKETS, SCANS):
            connection.execute(text(rows.format(numbers=numbers, **values)))
        for account, minor in ACCOUNTS:
            line = {"account": account, "minor": minor}
            connection.execute(text(LINES.format(numbers=numbers, **line, **values)))
    connection.execute(text("ANALYZE"))


if __name__ == "__main__":
    sys.exit(main())
