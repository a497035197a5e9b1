"""Exports over HTTP: files to download, and transfers that break off when something fails."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from starlette.types import Message, Receive, Scope, Send
from structlog.testing import capture_logs

from app.domain.errors import DatabaseUnavailable
from app.domain.operations.clocks import CALL_ENDS_AT
from app.http.services import Services
from app.repositories.database import Database
from app.routers.organizers.exports import XLSX
from app.services.organizers.exports import ExportService
from app.wiring.adapters import Adapters
from tests.api.answers import code_of
from tests.api.conftest import OpenApi, Person, one_database
from tests.programs.apps import app_of, parts_of
from tests.programs.in_process import InProcess
from tests.support.factories import Factory

COLUMNS = {
    "orders": "order_id,status,placed_at,closed_at,buyer_name,username,email,tickets,promo_code,"
    "discount,total,currency,kind,refunded",
    "attendees": "ticket_id,ticket_type,attendee_name,full_name,username,email,order_id,status,"
    "used_at,revoked_at",
    "check-ins": "id,scan_id,verdict,reason,direction,gate,scanned_at,received_at,door_verdict,"
    "device_id,user_id,undone_at,undo_reason,ticket_id,ticket_type,attendee_name,entry_at,"
    "entry_gate",
    "ledger": "entry_id,at,posting,account,amount,currency,order_id,kind",
}
"""Programs read columns by their names: new ones may come, none of these may go."""


class TestFile:
    @one_database
    @pytest.mark.parametrize("name", COLUMNS)
    def test_is_downloaded(
        self, api: httpx.Client, make: Factory, organizer: Person, name: str
    ) -> None:
        event = make.event(organizer=organizer.user)

        answer = api.get(f"/events/{event.id}/exports/{name}.csv", headers=organizer.headers)

        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "text/csv; charset=utf-8"
        disposition = answer.headers["content-disposition"]
        assert disposition == f'attachment; filename="event-{event.id}-{name}.csv"'
        assert answer.headers["cache-control"] == "no-store"
        assert answer.content.decode() == f"\ufeff{COLUMNS[name]}\r\n"

    @one_database
    @pytest.mark.parametrize("name", COLUMNS)
    def test_for_excel_is_downloaded(
        self, api: httpx.Client, make: Factory, organizer: Person, name: str
    ) -> None:
        event = make.event(organizer=organizer.user)

        answer = api.get(f"/events/{event.id}/exports/{name}.xlsx", headers=organizer.headers)

        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == XLSX
        disposition = answer.headers["content-disposition"]
        assert disposition == f'attachment; filename="event-{event.id}-{name}.xlsx"'
        assert answer.headers["cache-control"] == "no-store"
        (names,) = load_workbook(io.BytesIO(answer.content))[name].iter_rows(values_only=True)
        assert list(names) == COLUMNS[name].split(",")

    @one_database
    def test_of_attendees_is_not_for_gate_staff(
        self, api: httpx.Client, make: Factory, organizer: Person, ada: Person
    ) -> None:
        event = make.event(organizer=organizer.user)
        staff = {"name": ada.user.username}
        api.post(f"/events/{event.id}/staff", json=staff, headers=organizer.headers)
        assert api.get(f"/events/{event.id}/attendees", headers=ada.headers).status_code == 200

        answer = api.get(f"/events/{event.id}/exports/attendees.csv", headers=ada.headers)

        assert code_of(answer) == (404, "event-not-found")


class Broken(ExportService):
    """Fails behind the first piece."""

    def _pieces(self, *given: Any) -> Iterator[bytes]:
        yield next(super()._pieces(*given))
        raise DatabaseUnavailable


class Timed(ExportService):
    """Writes before each piece until when it has to be there."""

    def _pieces(self, *given: Any) -> Iterator[bytes]:
        for piece in super()._pieces(*given):
            yield f"{CALL_ENDS_AT.get()} ".encode() + piece


class TestTransfer:
    @one_database
    def test_breaks_off_when_something_fails(
        self,
        services: Services,
        outside: Adapters,
        database: Database,
        make: Factory,
        organizer: Person,
    ) -> None:
        event = make.event(organizer=organizer.user)
        app = app_of(parts_of(replace(services, exports=Broken(database=database)), outside))
        sent: list[Message] = []

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def send_on(message: Message) -> None:
                sent.append(message)
                await send(message)

            await app(scope, receive, send_on)

        with (
            capture_logs() as lines,
            httpx.Client(transport=InProcess(watched), base_url="https://shop.test") as client,
        ):
            client.get(f"/events/{event.id}/exports/ledger.csv", headers=organizer.headers)

        start, *pieces = sent
        assert start["status"] == 200
        assert [piece["more_body"] for piece in pieces] == [True], "no last one"
        assert [line["event"] for line in lines if line["log_level"] == "error"] == ["unforeseen"]

    @one_database
    def test_may_take_longer_than_a_call_waits_for_the_database(
        self,
        services: Services,
        open_api: OpenApi,
        database: Database,
        make: Factory,
        organizer: Person,
    ) -> None:
        event = make.event(organizer=organizer.user)
        for _ in range(3):
            make.order(make.user(), event.id)
        timed = Timed(database=database, rows_at_once=1)
        api = open_api(replace(services, exports=timed))

        answer = api.get(f"/events/{event.id}/exports/orders.csv", headers=organizer.headers)

        limits = [line.split(" ")[0] for line in answer.text.splitlines()]
        assert limits == ["None"] * 5, "the end, too"
