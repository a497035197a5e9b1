"""Lets a plain ``httpx.Client`` call an ASGI app inside this process, without sockets."""

import asyncio
import contextvars
import threading
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final, TypeAlias
from urllib.parse import unquote

import httpx
import structlog

log = structlog.get_logger(__name__)

Message: TypeAlias = MutableMapping[str, Any]
AsgiApp: TypeAlias = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]],
    Awaitable[None],
]

CLOSE_WAIT: Final = 5.0
"""Seconds ``close`` waits for the app's calls to end."""

BODILESS: Final = frozenset({204, 304})


class AsgiTransport(httpx.BaseTransport):
    """Runs the app on an event loop in a thread of its own, started with the first request.

    Faults look as they would on a wire: an app that breaks off is a ``RemoteProtocolError``, one
    that takes longer than the read time-out a ``ReadTimeout``, and its task is cancelled. The
    time-out counts for the whole answer, since bodies are collected, not streamed. The app's
    lifespan is not run, and it sees none of the caller's context variables.
    """

    def __init__(self, app: AsgiApp, *, client: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        self._app = app
        self._client = client
        self._loop: _LoopThread | None = None
        self._is_closed = False
        self._lock = threading.Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Ask the app and wait for its whole answer.

        Raises:
            httpx.ReadTimeout: the request's read time-out passed first.
            httpx.RemoteProtocolError: the app ended without a whole answer.
            httpx.ConnectError: the transport was closed.
        """
        body = request.read()
        exchange = _Exchange(self._scope(request), body)
        loop = self._running_loop(request)
        if not loop.start(self._app, exchange):
            raise httpx.ConnectError("the transport is closed", request=request)
        timeout = request.extensions.get("timeout", {}).get("read")
        if not exchange.answered.acquire(timeout=-1 if timeout is None else timeout):
            loop.cancel(exchange)
            raise httpx.ReadTimeout("the app took too long", request=request)
        if exchange.fault is not None:
            raise httpx.RemoteProtocolError(exchange.fault, request=request)
        return httpx.Response(
            exchange.status,
            headers=exchange.headers,
            stream=httpx.ByteStream(bytes(exchange.body)),
            extensions={"http_version": b"HTTP/1.1"},
        )

    def close(self) -> None:
        """Break off what is running and end the thread. Requests are refused from now on."""
        with self._lock:
            loop, self._loop, self._is_closed = self._loop, None, True
        if loop is not None:
            loop.stop()

    def _running_loop(self, request: httpx.Request) -> "_LoopThread":
        loop = self._loop
        if loop is not None:
            return loop
        with self._lock:
            if self._is_closed:
                raise httpx.ConnectError("the transport is closed", request=request)
            if self._loop is None:
                self._loop = _LoopThread()
            return self._loop

    def _scope(self, request: httpx.Request) -> Message:
        url = request.url
        path, _, query = url.raw_path.partition(b"?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": request.method,
            "scheme": url.scheme,
            "path": unquote(path.decode("ascii")),
            "raw_path": path,
            "root_path": "",
            "query_string": query,
            "headers": [(name.lower(), value) for name, value in request.headers.raw],
            "server": (url.host, url.port or (443 if url.scheme == "https" else 80)),
            "client": self._client,
        }


class _Exchange:
    """One request and its answer.

    Written on the loop's thread until ``answered`` is released, read on the caller's after it.
    """

    __slots__ = (
        "_expected",
        "_gone",
        "_request_body",
        "answered",
        "body",
        "fault",
        "headers",
        "is_over",
        "scope",
        "status",
        "task",
    )

    def __init__(self, scope: Message, request_body: bytes) -> None:
        self.scope = scope
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body = bytearray()
        self.fault: str | None = None
        self.is_over = False
        self.task: asyncio.Task[None] | None = None
        self.answered = threading.Lock()
        self.answered.acquire()
        self._request_body: bytes | None = request_body
        self._expected: int | None = None
        self._gone: asyncio.Event | None = None

    async def run(self, app: AsgiApp) -> None:
        try:
            await app(self.scope, self.receive, self.send)
        except Exception:
            # The caller learns of a broken connection only, as over a wire.
            log.exception("app_failed", path=self.scope["path"])
        finally:
            self.finish("the app ended without a whole answer")

    async def receive(self) -> Message:
        if self._request_body is not None:
            body, self._request_body = self._request_body, None
            return {"type": "http.request", "body": body, "more_body": False}
        if not self.is_over:
            self._gone = self._gone or asyncio.Event()
            await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if self.is_over:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", ()))
            self._expected = self._announced_length()
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")
            if not message.get("more_body", False):
                self.finish(self._fault_in_length())

    def finish(self, fault: str | None) -> None:
        """Wake the caller, once. Background tasks of the app may run on after the answer."""
        if self.is_over:
            return
        self.is_over = True
        self.fault = fault
        if self._gone is not None:
            self._gone.set()
        self.answered.release()

    def _announced_length(self) -> int | None:
        if self.scope["method"] == "HEAD" or self.status in BODILESS:
            return None
        for name, value in self.headers:
            if name.lower() == b"content-length":
                return int(value)
        return None

    def _fault_in_length(self) -> str | None:
        if not self.status:
            return "the app sent a body before its status"
        if self._expected is not None and len(self.body) != self._expected:
            return f"the app sent {len(self.body)} bytes of {self._expected}"
        return None


class _LoopThread:
    """An event loop in a daemon thread. Everything of asyncio is made and used there only."""

    def __init__(self) -> None:
        self._exchanges: set[_Exchange] = set()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="asgi-app", daemon=True)
        self._thread.start()
        self._is_up.wait()

    def start(self, app: AsgiApp, exchange: _Exchange) -> bool:
        """Have the app answer; tell whether the loop still runs."""
        self._exchanges.add(exchange)
        try:
            self._loop.call_soon_threadsafe(self._start, app, exchange)
        except RuntimeError:  # the loop was closed in the meantime
            return False
        return True

    def cancel(self, exchange: _Exchange) -> None:
        def cancel() -> None:
            if exchange.task is not None:
                exchange.task.cancel()

        try:
            self._loop.call_soon_threadsafe(cancel)
        except RuntimeError:  # the loop was closed, and its tasks with it
            return

    def stop(self) -> None:
        try:
            self._loop.call_soon_threadsafe(self._stop.set)
        except RuntimeError:  # stopped before
            return
        if threading.current_thread() is not self._thread:
            self._thread.join(timeout=CLOSE_WAIT)

    def _start(self, app: AsgiApp, exchange: _Exchange) -> None:
        # A copy of this thread's own, empty context: the caller's holds, among other things,
        # libraries' notes about the caller's event loop.
        exchange.task = self._loop.create_task(exchange.run(app), context=self._context.copy())
        exchange.task.add_done_callback(lambda _: self._exchanges.discard(exchange))

    def _run(self) -> None:
        self._context = contextvars.copy_context()
        try:
            asyncio.run(self._serve())
        finally:
            for exchange in list(self._exchanges):  # came too late to be started
                exchange.finish("the transport is closed")

    async def _serve(self) -> None:
        # A main task, not run_forever(): anyio ties its worker threads to the loop's main task,
        # and would otherwise start new threads for every request.
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        self._is_up.set()
        await self._stop.wait()
        # Apps that have answered may still be closing their files; the others are cut off.
        over = [each for each in list(self._exchanges) if each.is_over]
        ending = [each.task for each in over if each.task is not None]
        if ending:
            await asyncio.wait(ending, timeout=CLOSE_WAIT / 2)
