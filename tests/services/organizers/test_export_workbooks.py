"""Workbooks have the rows of the CSV files, and take the memory of one piece."""

import io
import tracemalloc
from datetime import datetime
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from app.domain.listings import EventListing
from app.domain.organizers.exports import ExportFormat, ExportKind
from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from app.repositories.database import Database
from app.services.organizers.exports import ExportService
from tests.services.organizers.export_steps import many_lines, rows_in, sell
from tests.steps.door import Door
from tests.support.factories import Factory

MEBIBYTE = 1024 * 1024


@pytest.fixture
def organizer(make: Factory) -> User:
    return make.user(name="organizer", role=Role.ORGANIZER)


@pytest.fixture
def event(make: Factory, organizer: User) -> EventListing:
    return make.event(organizer=organizer)


@pytest.fixture
def exports(database: Database) -> ExportService:
    """In pieces of two rows."""
    return ExportService(database=database, rows_at_once=2)


class TestWorkbook:
    @pytest.mark.parametrize("kind", ExportKind)
    def test_has_the_rows_of_the_csv_file(
        self,
        services: Services,
        make: Factory,
        exports: ExportService,
        organizer: User,
        event: EventListing,
        kind: ExportKind,
    ) -> None:
        sell(services, make, organizer, event)
        door = Door(services, make, event.id, organizer)
        door.scan("no code of ours")

        plain = rows_in(exports.write(kind=kind, event_id=event.id, organizer=organizer))
        content = b"".join(
            exports.write(kind=kind, form=ExportFormat.XLSX, event_id=event.id, organizer=organizer)
        )

        names, *rows = load_workbook(io.BytesIO(content))[kind].iter_rows(values_only=True)
        assert plain
        assert list(names) == list(plain[0])
        for row, texts in zip(rows, plain, strict=True):
            for value, text in zip(row, texts.values(), strict=True):
                match value:
                    case datetime():
                        assert value == datetime.fromisoformat(text).replace(tzinfo=None)
                    case int() | float():
                        assert Decimal(str(value)) == Decimal(text)
                    case _:
                        assert (value or "") == text

    @pytest.mark.slow
    def test_takes_the_memory_of_one_piece(
        self, services: Services, database: Database, organizer: User, event: EventListing
    ) -> None:
        many_lines(database, event)

        tracemalloc.start()
        pieces = services.exports.write(
            kind=ExportKind.LEDGER,
            form=ExportFormat.XLSX,
            event_id=event.id,
            organizer=organizer,
        )
        size = sum(len(piece) for piece in pieces)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()

        assert size > 100_000
        assert peak < 20 * MEBIBYTE, "a piece takes about 2"
