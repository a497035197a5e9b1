"""A payment provider on the loopback that can fall silent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final

import httpx

from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock
from tests.programs.in_process import InProcess

LONGEST_SILENCE: Final = timedelta(seconds=60)
SPOKEN_FOR: Final = ("host", "connection", "content-length", "transfer-encoding")


class MoodyProvider:
    """Paystack's simulator behind a socket: it answers, or takes a request and says nothing.

    What comes while it is silent is lost: it opens no charge.
    """

    def __init__(self, folder: Path) -> None:
        settings = MockSettings(store=folder / "provider.sqlite3", webhook_url=None)
        self._inside = httpx.Client(
            transport=InProcess(PaystackMock(settings).app),
            base_url="http://provider.internal",
            timeout=LONGEST_SILENCE.total_seconds(),
        )
        self._answering = threading.Event()
        self._answering.set()
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._heard: list[str] = []
        self.url = ""

    @property
    def heard(self) -> list[str]:
        """The path of every request that reached it, in order."""
        with self._lock:
            return list(self._heard)

    def fall_silent(self) -> None:
        self._answering.clear()

    def come_back(self) -> None:
        """Answer what comes from now on; what came before stays unanswered."""
        self._answering.set()

    def take(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> httpx.Response | None:
        """The answer, or after a long silence none."""
        with self._lock:
            self._heard.append(path)
        if not self._answering.is_set():
            self._closing.wait(LONGEST_SILENCE.total_seconds())
            return None
        return self._inside.request(method, path, headers=headers, content=body)

    @contextmanager
    def open(self) -> Iterator["MoodyProvider"]:
        """Listen for the length of the block."""
        server = _Server(("127.0.0.1", 0), _door_of(self))
        self.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, name="provider")
        thread.start()
        try:
            yield self
        finally:
            self._closing.set()
            server.shutdown()
            thread.join()
            server.server_close()
            self._inside.close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hung up is what this provider is for."""


def _door_of(provider: MoodyProvider) -> type[BaseHTTPRequestHandler]:
    class Door(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name http.server calls
            self._answer(b"")

        def do_POST(self) -> None:  # the name http.server calls
            self._answer(self.rfile.read(int(self.headers.get("content-length", 0))))

        def log_message(self, format: str, *args: object) -> None:
            """Keep the test's output quiet."""

        def _answer(self, body: bytes) -> None:
            headers = {
                name: value
                for name, value in self.headers.items()
                if name.lower() not in SPOKEN_FOR
            }
            answer = provider.take(self.command, self.path, headers, body)
            if answer is None:
                self.close_connection = True
                return
            self.send_response(answer.status_code)
            self.send_header("content-type", answer.headers["content-type"])
            self.send_header("content-length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

    return Door
