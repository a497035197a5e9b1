"""The door over HTTP: scans, lists, counts, and who has a ticket."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.domain.errors import TooManyStreams
from app.domain.ids import EventId
from app.routers.checkin.live_counts import LiveCounts
from tests.api.answers import code_of, pointers_of
from tests.api.conftest import Headers, Person
from tests.api.scanners import scanner
from tests.steps.door import Door
from tests.support.factories import Factory

HOSTILE = [
    "",
    "\u0001\u0002",
    "TK1:" + "A" * 147,
    "TK1:\n",
    "'; DROP TABLE tickets",
    "\\",
    "½" * 512,
]


def scan(
    api: httpx.Client, door: Door, headers: Headers, code: str, **values: Any
) -> dict[str, Any]:
    body = {"code": code, "scan_id": "1", **values}
    answer = api.post(f"/events/{door.event_id}/check-ins", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


class TestScan:
    def test_tells_all_a_gate_needs(self, api: httpx.Client, door: Door, organizer: Person) -> None:
        ticket, headers = door.ticket(), scanner(api, door, organizer)

        first = scan(api, door, headers, door.code(ticket), scan_id="1")
        second = scan(api, door, headers, ticket.short_code, scan_id="2", gate="South")
        repeat = scan(api, door, headers, "anything", scan_id="1")

        assert first["ticket"] == {
            "id": ticket.id,
            "ticket_type": "General admission",
            "attendee_name": None,
        }
        assert (first["verdict"], first["reason"]) == ("accepted", "admitted")
        assert first["gate"] == "North"
        assert first["entry"] == {"at": "2027-03-01T12:00:00Z", "gate": "North"}
        assert (second["verdict"], second["reason"]) == ("refused", "already-used")
        assert (second["gate"], second["entry"]) == ("South", first["entry"])
        assert repeat == {**first, "is_repeat": True}

    @pytest.mark.parametrize("code", HOSTILE)
    def test_has_a_verdict_on_anything(
        self, api: httpx.Client, door: Door, organizer: Person, code: str
    ) -> None:
        assert scan(api, door, organizer.headers, code)["reason"] == "unknown-code"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("code", "x" * 513),
            ("scan_id", ""),
            ("scan_id", "x" * 65),
            ("scan_id", "a b"),
            ("direction", "up"),
            ("gate", ""),
            ("scanned_at", "yesterday"),
        ],
    )
    def test_refuses_calls_that_are_none(
        self, api: httpx.Client, door: Door, organizer: Person, field: str, value: str
    ) -> None:
        body = {"code": "x", "scan_id": "1", field: value}

        answer = api.post(
            f"/events/{door.event_id}/check-ins", json=body, headers=organizer.headers
        )

        assert pointers_of(answer) == [f"/{field}"]

    def test_is_for_scanners_of_this_event(
        self, api: httpx.Client, door: Door, make: Factory, organizer: Person
    ) -> None:
        headers = scanner(api, door, organizer)
        other = make.event(organizer=organizer.user)

        answers = {
            path: api.get(f"/events/{other.id}/{path}", headers=headers)
            for path in ("check-ins", "check-ins/counts", "manifest", "revocations")
        }
        users_only = api.get(f"/events/{door.event_id}/attendees", headers=headers)

        for answer in answers.values():
            assert code_of(answer) == (404, "event-not-found")
        assert code_of(users_only) == (401, "not-logged-in")


class TestList:
    def test_pages_through_the_newest_first(
        self, api: httpx.Client, door: Door, organizer: Person
    ) -> None:
        ticket = door.ticket()
        for number in range(3):
            scan(api, door, organizer.headers, door.code(ticket), scan_id=str(number))
        scan(api, door, organizer.headers, "x", scan_id="garbage")
        path = f"/events/{door.event_id}/check-ins"

        first = api.get(
            path, params={"limit": 2, "ticket_id": ticket.id}, headers=organizer.headers
        )
        rest = api.get(first.links["next"]["url"], headers=organizer.headers)
        refused = api.get(path, params={"verdict": "refused"}, headers=organizer.headers)

        assert [each["scan_id"] for each in first.json()] == ["2", "1"]
        assert [each["scan_id"] for each in rest.json()] == ["0"]
        assert [each["scan_id"] for each in refused.json()] == ["garbage", "2", "1"]


class TestCounts:
    def test_add_up(self, api: httpx.Client, door: Door, organizer: Person) -> None:
        first, second, _ = door.tickets(3)
        north = scanner(api, door, organizer)
        scan(api, door, north, door.code(first), scan_id="1")
        scan(api, door, organizer.headers, door.code(second), scan_id="2")
        scan(api, door, organizer.headers, door.code(second), scan_id="3")

        counts = api.get(f"/events/{door.event_id}/check-ins/counts", headers=north).json()

        assert counts == {
            "tickets": 3,
            "inside": 2,
            "admitted": 2,
            "refused": 1,
            "by_type": [{"ticket_type": "General admission", "tickets": 3, "admitted": 2}],
            "by_gate": [{"gate": "North", "admitted": 1}, {"gate": None, "admitted": 1}],
        }

    def test_come_as_an_event(self, api: httpx.Client, door: Door, organizer: Person) -> None:
        path = f"/events/{door.event_id}/check-ins"

        answer = api.get(f"{path}/stream", headers=organizer.headers)

        assert answer.headers["content-type"].startswith("text/event-stream")
        retry, event, end = answer.text.split("\n\n")
        assert (retry, end) == ("retry: 1000", "")
        name, data = event.split("\n")
        assert name == "event: counts"
        counts = api.get(f"{path}/counts", headers=organizer.headers).json()
        assert json.loads(data.removeprefix("data: ")) == counts


class TestLiveCounts:
    def test_ask_once_a_second_for_however_many(self) -> None:
        asked: list[EventId] = []

        def count(event_id: EventId) -> bytes:
            asked.append(event_id)
            return b"%d" % min(len(asked), 2)

        live = LiveCounts(count, stream_for=timedelta(seconds=2.5), most_of_one=50)

        async def watch() -> list[bytes]:
            return [part async for part in live.stream(EventId(1), caller="user:1")]

        async def many() -> list[list[bytes]]:
            return await asyncio.gather(*(watch() for _ in range(50)))

        streams = asyncio.run(many())

        assert 2 <= len(asked) <= 3
        changes = [b"event: counts\ndata: 1\n\n", b"event: counts\ndata: 2\n\n"]
        assert streams == [[b"retry: 1000\n\n", *changes]] * 50
        assert live.streams == 0

    def test_are_bounded_and_free_again_when_somebody_goes(self) -> None:
        live = LiveCounts(lambda _: b"{}", most=1)

        async def come_and_go() -> None:
            stream = live.stream(EventId(1), caller="user:1")
            await anext(stream)
            with pytest.raises(TooManyStreams):
                live.ensure_room(EventId(2), "user:2")
            await stream.aclose()
            live.ensure_room(EventId(2), "user:2")

        asyncio.run(come_and_go())

    @pytest.mark.parametrize(
        ("refused", "let_in"),
        [
            ((EventId(2), "user:1"), (EventId(2), "user:2")),  # a caller has two already
            ((EventId(1), "user:2"), (EventId(2), "user:2")),  # an event is watched by two
        ],
    )
    def test_are_bounded_for_one_caller_and_for_one_event(
        self, refused: tuple[EventId, str], let_in: tuple[EventId, str]
    ) -> None:
        live = LiveCounts(lambda _: b"{}", most_of_one=2, most_of_event=2)

        async def watch() -> None:
            streams = [live.stream(EventId(1), caller="user:1") for _ in range(2)]
            for stream in streams:
                await anext(stream)

            with pytest.raises(TooManyStreams):
                live.ensure_room(*refused)
            live.ensure_room(*let_in)

            for stream in streams:
                await stream.aclose()
            live.ensure_room(*refused)

        asyncio.run(watch())

    def test_end_at_once_where_many_asked_for_the_last_room_together(self) -> None:
        live = LiveCounts(lambda _: b"{}", most_of_one=1)

        async def watch() -> tuple[bytes, list[bytes]]:
            for _ in range(2):
                live.ensure_room(EventId(1), "user:1")
            first = live.stream(EventId(1), caller="user:1")
            began = await anext(first)
            second = [part async for part in live.stream(EventId(1), caller="user:1")]
            await first.aclose()
            return began, second

        assert asyncio.run(watch()) == (b"retry: 1000\n\n", [b"retry: 10000\n\n"])
