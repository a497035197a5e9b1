"""Lets a plain ``httpx.Client`` call an ASGI app inside this process, without sockets."""

import threading
from contextlib import ExitStack
from typing import Any, cast

import httpx
from anyio.from_thread import BlockingPortal, start_blocking_portal


class InProcess(httpx.BaseTransport):
    """Runs the app on an event loop in a thread of its own, started with the first request.

    Bodies are collected, not streamed, and time-outs do not count. The app's lifespan is not run.

    Args:
        app: an ASGI app.
        client: the address the app is called from, and the port.
    """

    def __init__(self, app: Any, *, client: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self._app = httpx.ASGITransport(app, raise_app_exceptions=False, client=client)
        self._running = ExitStack()
        self._portal: BlockingPortal | None = None
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        return self._event_loop().call(self._ask, request)

    def close(self) -> None:
        """Break off what is running and end the thread."""
        if self._portal is not None:
            self._portal.start_task_soon(self._portal.stop, True)
        self._running.close()

    async def _ask(self, request: httpx.Request) -> httpx.Response:
        answer = await self._app.handle_async_request(request)
        stream = cast("httpx.AsyncByteStream", answer.stream)
        body = httpx.ByteStream(b"".join([part async for part in stream]))
        return httpx.Response(answer.status_code, headers=answer.headers, stream=body)

    def _event_loop(self) -> BlockingPortal:
        with self._lock:
            if self._portal is None:
                self._portal = self._running.enter_context(start_blocking_portal())
            return self._portal
