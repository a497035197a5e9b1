import hashlib
import hmac
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue

import httpx
import pytest

from tests.paystack_mock.conftest import KEY

Deliveries = Queue[tuple[bytes, str]]

STATES = ("pending", "processing", "processed")


@contextmanager
def webhook_door(deliveries: Deliveries) -> Iterator[str]:
    """A real HTTP server that takes webhooks; yields its address."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name http.server calls
            body = self.rfile.read(int(self.headers["content-length"]))
            deliveries.put((body, self.headers["x-paystack-signature"]))
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/payments/webhook"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def running_alone(store: Path, webhook_url: str) -> Iterator[str]:
    """The simulator as ``uvicorn app.paystack_mock.main:app`` runs it; yields its address."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        environment = os.environ | {
            "PAYSTACK_MOCK_STORE": str(store),
            "PAYSTACK_MOCK_WEBHOOK_URL": webhook_url,
            "PAYSTACK_MOCK_SLOW_ANSWER": "0.5",
            "PAYSTACK_SECRET_KEY": KEY,
        }
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "uvicorn", "app.paystack_mock.main:app"),
                *("--fd", str(listener.fileno()), "--log-level", "warning"),
            ],
            env=environment,
            cwd=Path(__file__).parents[2],
            pass_fds=[listener.fileno()],
        )
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.terminate()
            server.wait(10)


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[httpx.Client, Deliveries]]:
    deliveries: Deliveries = Queue()
    headers = {"authorization": f"Bearer {KEY}"}
    with (
        webhook_door(deliveries) as webhook_url,
        running_alone(tmp_path / "mock.sqlite3", webhook_url) as address,
        httpx.Client(base_url=address, headers=headers, timeout=20, trust_env=False) as client,
    ):
        yield client, deliveries


def initialize(client: httpx.Client, name: str) -> httpx.Response:
    body = {"email": f"{name}@example.com", "amount": 500_000, "reference": name}
    return client.post("/transaction/initialize", json=body)


class TestRunAlone:
    def test_delivers_signed_webhooks_to_a_real_receiver(
        self, served: tuple[httpx.Client, Deliveries]
    ) -> None:
        client, deliveries = served

        answer = initialize(client, "ada")
        client.post("/refund", json={"transaction": "ada"})

        names = []
        for _ in range(4):
            body, signature = deliveries.get(timeout=10)
            assert signature == hmac.new(KEY.encode(), body, hashlib.sha512).hexdigest()
            names.append(body.split(b'"')[3].decode())
        assert names == ["charge.success", *(f"refund.{s}" for s in STATES)]
        url = answer.json()["data"]["authorization_url"]
        assert "Payment successful" in client.get(url).text

    def test_breaks_the_connection_in_an_outage(
        self, served: tuple[httpx.Client, Deliveries]
    ) -> None:
        client, _ = served

        with pytest.raises(httpx.RemoteProtocolError):
            initialize(client, "outage")

        assert client.get("/transaction/verify/outage").status_code == 400
        assert initialize(client, "outage500").status_code == 500

    def test_delays_nobody_else_when_slow(self, served: tuple[httpx.Client, Deliveries]) -> None:
        client, _ = served
        client.get("/transaction")
        caller = threading.Thread(target=initialize, args=(client, "slow"))
        caller.start()
        answered = 0
        while caller.is_alive():
            assert initialize(client, f"quick{answered}").status_code == 200
            answered += 1
        caller.join()

        assert answered >= 2
        assert client.get("/transaction/verify/slow").json()["data"]["status"] == "success"

    def test_delivers_the_webhook_first(self, served: tuple[httpx.Client, Deliveries]) -> None:
        client, deliveries = served

        initialize(client, "webhook-first")

        assert deliveries.qsize() == 1
