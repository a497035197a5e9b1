import hashlib
import hmac
import json
import logging
import subprocess
import sys
import threading
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock
from app.paystack_mock.store import Store
from tests.paystack_mock.conftest import KEY, WEBHOOK_URL, FakeClock, MakeMock, Receiver, Shop


def signature_of(key: str, body: bytes) -> str:
    return hmac.new(key.encode(), body, hashlib.sha512).hexdigest()


class TestWebhook:
    def test_is_signed_over_its_raw_bytes(
        self, shop: Shop, mock: PaystackMock, receiver: Receiver
    ) -> None:
        shop.open(metadata={"name": "Adé", "emoji": "🎫"})

        assert mock.deliver_due() == 1

        request = receiver.received[0]
        assert str(request.url) == WEBHOOK_URL
        assert request.headers["content-type"] == "application/json"
        assert request.headers["x-paystack-signature"] == signature_of(KEY, request.content)

    def test_is_written_as_javascript_would_write_it(
        self, shop: Shop, mock: PaystackMock, receiver: Receiver
    ) -> None:
        shop.open(metadata='{"name": "Adé", "price": 1.0}')
        mock.deliver_due()

        raw = receiver.received[0].content

        again = json.dumps(json.loads(raw), ensure_ascii=False, separators=(",", ":"))
        assert raw == again.encode()
        assert "Adé".encode() in raw
        assert b'"price":1}' in raw

    def test_is_signed_with_the_key_of_its_account(
        self, mock: PaystackMock, receiver: Receiver
    ) -> None:
        keys = ["sk_test_ada", "sk_test_bob"]
        for key in keys:
            Shop(mock.app, key).open()

        mock.deliver_due()

        for key, request in zip(keys, receiver.received, strict=True):
            signature = request.headers["x-paystack-signature"]
            assert signature == signature_of(key, request.content)

    def test_tells_what_verify_tells(
        self, shop: Shop, mock: PaystackMock, receiver: Receiver
    ) -> None:
        opened = shop.open(metadata={"order": "42"})
        mock.deliver_due()

        event = receiver.events[0]

        assert event["event"] == "charge.success"
        told = event["data"]
        assert told["source"]["entry_point"] == "transaction_initialize"
        assert (told["plan"], told["log"]) == ({}, None)
        same = set(told) - {"source", "plan", "log"}
        assert {key: told[key] for key in same} == {key: opened[key] for key in same}

    def test_is_tried_again_later_and_later(
        self, shop: Shop, mock: PaystackMock, receiver: Receiver, clock: FakeClock
    ) -> None:
        receiver.statuses = [500, 204, 200]
        shop.open()
        assert (mock.deliver_due(), mock.deliver_due()) == (1, 0)

        clock.advance(timedelta(seconds=1))
        assert (mock.deliver_due(), mock.deliver_due()) == (1, 0)
        clock.advance(timedelta(seconds=1))
        assert mock.deliver_due() == 0
        clock.advance(timedelta(seconds=1))
        assert mock.deliver_due() == 1

        clock.advance(timedelta(days=1))
        assert mock.deliver_due() == 0
        assert len({request.content for request in receiver.received}) == 1

    def test_is_given_up_after_the_last_attempt(
        self, make_mock: MakeMock, receiver: Receiver, clock: FakeClock
    ) -> None:
        mock = make_mock(webhook_attempts=2)
        receiver.statuses = [500] * 5
        Shop(mock.app).open()

        for _ in range(5):
            mock.deliver_due()
            clock.advance(timedelta(hours=1))

        assert len(receiver.received) == 2

    def test_is_not_made_without_an_address(self, make_mock: MakeMock, clock: FakeClock) -> None:
        mock = make_mock(webhook_url=None)
        Shop(mock.app).open()

        assert mock.deliver_due() == 0

    def test_outlives_a_claimer_that_died(
        self, shop: Shop, mock: PaystackMock, tmp_path: Path, clock: FakeClock
    ) -> None:
        shop.open()
        claimed = "UPDATE deliveries SET attempts = 1, due_at_ms = due_at_ms + 15000"
        with Store(tmp_path / "mock.sqlite3").writing() as db:
            db.execute(claimed)
        assert mock.deliver_due() == 0

        clock.advance(timedelta(seconds=15))

        assert mock.deliver_due() == 1

    def test_never_logs_a_key(
        self,
        shop: Shop,
        mock: PaystackMock,
        receiver: Receiver,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        caplog.set_level(logging.DEBUG)
        receiver.statuses = [500]
        shop.open()

        mock.deliver_due()

        assert "tried again" in caplog.text
        assert KEY not in caplog.text


class TestSharedStore:
    def test_delivers_once_from_many_threads(self, make_mock: MakeMock, receiver: Receiver) -> None:
        mocks = [make_mock() for _ in range(4)]
        shop = Shop(mocks[0].app)
        for number in range(20):
            shop.initialize(reference=f"R{number}")

        threads = [threading.Thread(target=mock.deliver_due) for mock in mocks]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        told = [event["data"]["reference"] for event in receiver.events]
        assert sorted(told) == sorted(f"R{number}" for number in range(20))

    def test_serves_two_event_loops_at_once(self, mock: PaystackMock) -> None:
        shop = Shop(mock.app)

        def buy(buyer: str) -> None:
            for number in range(20):
                shop.open(reference=f"{buyer}{number}")

        threads = [threading.Thread(target=buy, args=(buyer,)) for buyer in "AB"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert mock.deliver_due() == 40
        assert shop.get("/transaction").json()["meta"]["total"] == 40

    def test_is_created_once_by_processes_that_start_together(
        self, tmp_path: Path, receiver: Receiver, make_mock: MakeMock
    ) -> None:
        script = (
            "import asyncio, httpx, sys\n"
            "from pathlib import Path\n"
            "from app.paystack_mock.settings import MockSettings\n"
            "from app.paystack_mock.simulator import PaystackMock\n"
            "settings = MockSettings(store=Path(sys.argv[1]), secret_key=None)\n"
            "mock = PaystackMock(settings)\n"
            "async def call():\n"
            "    transport = httpx.ASGITransport(mock.app)\n"
            "    headers = {'authorization': 'Bearer sk_test_shop'}\n"
            "    async with httpx.AsyncClient(transport=transport, headers=headers) as client:\n"
            "        body = {'email': 'ada@example.com', 'amount': 100, 'reference': sys.argv[2]}\n"
            "        url = 'http://mock.test/transaction/initialize'\n"
            "        return (await client.post(url, json=body)).status_code\n"
            "print(asyncio.run(call()))\n"
        )
        store = tmp_path / "mock.sqlite3"
        started = [
            subprocess.Popen(
                [sys.executable, "-c", script, str(store), f"R{number}"],
                stdout=subprocess.PIPE,
                cwd=Path(__file__).parents[2],
            )
            for number in range(3)
        ]

        answers = [process.communicate(timeout=60)[0].strip() for process in started]

        assert answers == [b"200"] * 3
        assert len(Shop(make_mock().app).get("/transaction").json()["data"]) == 3

    def test_is_readable_by_its_owner_only(self, mock: PaystackMock, tmp_path: Path) -> None:
        assert (tmp_path / "mock.sqlite3").stat().st_mode & 0o077 == 0


class TestStart:
    def test_delivers_as_soon_as_a_payment_is_committed(self, tmp_path: Path) -> None:
        arrived = threading.Event()

        class Door(httpx.BaseTransport):
            def handle_request(self, request: httpx.Request) -> httpx.Response:
                arrived.set()
                return httpx.Response(200)

        settings = MockSettings(
            store=tmp_path / "mock.sqlite3", webhook_url=WEBHOOK_URL, secret_key=None
        )
        mock = PaystackMock(settings, webhook_client=httpx.Client(transport=Door()))
        mock.start()
        mock.start()
        try:
            Shop(mock.app).open()

            assert arrived.wait(5)
        finally:
            mock.stop()
            mock.stop()

    def test_may_follow_a_stop(self, make_mock: MakeMock, receiver: Receiver) -> None:
        mock = make_mock()
        mock.start()
        mock.stop()
        Shop(mock.app).open()
        assert receiver.received == []

        mock.start()
        mock.stop()

        assert mock.deliver_due() + len(receiver.received) >= 1
