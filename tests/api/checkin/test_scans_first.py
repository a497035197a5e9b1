"""Scans pass the transactions that wait to write; other calls do not."""

from collections.abc import Iterator

import httpx
import pytest

from app.domain.operations.clocks import GOES_FIRST
from app.repositories.database import Database, Writers
from tests.api.conftest import Headers, Person
from tests.api.scanners import scanner
from tests.steps.door import Door


class NotedWriters(Writers):
    """Notes of each caller whether it may pass the others."""

    def __init__(self) -> None:
        super().__init__(at_once=4)
        self.passing: list[bool] = []

    def acquire(self, *, within: float) -> bool:
        self.passing.append(GOES_FIRST.get())
        return super().acquire(within=within)


@pytest.fixture
def writers(database: Database) -> Iterator[NotedWriters]:
    """Those of the database, until the test ends."""
    former, noted = database.writers, NotedWriters()
    database.writers = noted
    yield noted
    database.writers = former


@pytest.fixture
def device(api: httpx.Client, door: Door, organizer: Person) -> Headers:
    return scanner(api, door, organizer)


class TestScan:
    def test_passes_those_who_wait_to_write(
        self, api: httpx.Client, door: Door, device: Headers, writers: NotedWriters
    ) -> None:
        code = door.code(door.ticket())
        writers.passing.clear()

        body = {"code": code, "scan_id": "1"}
        answer = api.post(f"/events/{door.event_id}/check-ins", json=body, headers=device)

        assert answer.json()["reason"] == "admitted"
        assert writers.passing
        assert all(writers.passing)

    def test_is_the_only_call_that_does(
        self, api: httpx.Client, door: Door, ada: Person, writers: NotedWriters
    ) -> None:
        writers.passing.clear()

        answer = api.post("/orders", json={"event_id": door.event_id}, headers=ada.headers)

        assert answer.status_code == 201, answer.text
        assert writers.passing
        assert not any(writers.passing)
