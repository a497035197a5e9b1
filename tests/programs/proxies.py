"""A reverse proxy that has a path of its site passed on to the shop, with or without that path."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import httpx

HOP_BY_HOP: Final = {"connection", "transfer-encoding", "content-length", "keep-alive"}


@contextmanager
def proxy_below(path: str, *, shop: str, port: int, strips: bool) -> Iterator[str]:
    """Pass calls below ``path`` on to the shop; gives the address of that path.

    Args:
        path: as ``/site``; anything else is 404, and never reaches the shop.
        shop: its origin.
        port: where the proxy listens on loopback.
        strips: whether the shop is sent what follows ``path`` only.
    """

    class Proxy(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self) -> None:
            if not f"{self.path}/".startswith(f"{path}/"):
                self.send_error(404)
                return
            target = self.path.removeprefix(path) if strips else self.path
            length = int(self.headers.get("content-length", 0))
            headers = {
                **{k: v for k, v in self.headers.items() if k.lower() not in HOP_BY_HOP},
                "X-Forwarded-For": "203.0.113.7",
            }
            answer = client.request(
                self.command, shop + target, content=self.rfile.read(length), headers=headers
            )
            self.send_response(answer.status_code)
            for name, value in answer.headers.multi_items():
                if name not in HOP_BY_HOP and name != "content-encoding":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        def __getattr__(self, name: str) -> Callable[[], None]:
            if name.startswith("do_"):
                return self.handle_any
            raise AttributeError(name)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Proxy)
    thread = threading.Thread(target=server.serve_forever)
    with httpx.Client(trust_env=False, timeout=30) as client:
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}{path}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()
