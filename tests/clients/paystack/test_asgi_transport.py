import asyncio
import contextvars
import threading
from concurrent.futures import ThreadPoolExecutor

import anyio.to_thread

from tests.clients.conftest import (
    WAIT,
    Message,
    OpenClient,
    Receive,
    Send,
    answer_end,
    answer_start,
    echo,
)

caller = contextvars.ContextVar("caller", default="nobody")


class TestHandleRequest:
    def test_carries_the_request_there_and_the_answer_back(self, open_client: OpenClient) -> None:
        response = open_client(echo).post("/refund/é x?page=2", content=b"body")

        assert response.status_code == 201
        assert response.headers["x-method"] == "POST"
        assert response.headers["x-path"] == "/refund/é x"
        assert response.content == b"page=2|body"

    def test_tells_the_app_what_a_server_would(self, open_client: OpenClient) -> None:
        scopes: list[Message] = []

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            scopes.append(scope)
            await echo(scope, receive, send)

        open_client(app).get("https://mock.example/a%2Fb", headers={"X-Paystack-Signature": "5f"})

        (scope,) = scopes
        assert (scope["type"], scope["scheme"]) == ("http", "https")
        assert scope["server"] == ("mock.example", 443)
        assert (scope["path"], scope["raw_path"]) == ("/a/b", b"/a%2Fb")
        assert (b"x-paystack-signature", b"5f") in scope["headers"]

    def test_collects_a_streamed_body(self, open_client: OpenClient) -> None:
        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await answer_start(send, content_length="4")
            await answer_end(send, b"ab", more=True)
            await answer_end(send, b"cd")

        assert open_client(app).get("/").content == b"abcd"

    def test_takes_the_length_of_an_answer_to_head_as_it_is(self, open_client: OpenClient) -> None:
        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await answer_start(send, content_length="4")
            await answer_end(send)

        assert open_client(app).head("/").headers["content-length"] == "4"

    def test_serves_many_threads_on_one_loop(self, open_client: OpenClient) -> None:
        loops: set[int] = set()

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            loops.add(id(asyncio.get_running_loop()))
            await asyncio.sleep(0.001)
            await echo(scope, receive, send)

        client = open_client(app)

        with ThreadPoolExecutor(20) as pool:
            bodies = list(
                pool.map(lambda n: client.post("/", content=str(n).encode()).content, range(200))
            )

        assert bodies == [f"|{n}".encode() for n in range(200)]
        assert len(loops) == 1

    def test_answers_before_the_apps_background_work_is_done(self, open_client: OpenClient) -> None:
        may_go_on = threading.Event()
        done = threading.Event()

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await echo(scope, receive, send)
            await anyio.to_thread.run_sync(may_go_on.wait, WAIT)
            done.set()

        response = open_client(app).get("/")

        assert response.status_code == 201
        assert not done.is_set()
        may_go_on.set()
        assert done.wait(WAIT)

    def test_keeps_the_worker_threads_of_anyio_between_requests(
        self, open_client: OpenClient
    ) -> None:
        threads: set[threading.Thread] = set()

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            threads.add(await anyio.to_thread.run_sync(threading.current_thread))
            await echo(scope, receive, send)

        client = open_client(app)

        for _ in range(20):
            client.get("/")

        assert len(threads) == 1

    def test_shows_the_app_nothing_of_the_callers_context(self, open_client: OpenClient) -> None:
        seen: list[str] = []

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            seen.append(caller.get())
            caller.set("the app")
            await echo(scope, receive, send)

        client = open_client(app)
        caller.set("the test")

        client.get("/")
        client.get("/")

        assert seen == ["nobody", "nobody"]

    def test_lets_an_app_call_another_app(self, open_client: OpenClient) -> None:
        inner = open_client(echo)

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            answer = await anyio.to_thread.run_sync(lambda: inner.get("/?from=outer"))
            await answer_start(send)
            await answer_end(send, answer.content)

        assert open_client(app).get("/").content == b"from=outer|"

    def test_tells_the_app_that_waits_when_the_answer_is_out(self, open_client: OpenClient) -> None:
        heard: list[str] = []
        done = threading.Event()

        async def app(scope: Message, receive: Receive, send: Send) -> None:
            await receive()
            listener = asyncio.ensure_future(receive())
            await asyncio.sleep(0)
            await answer_start(send)
            await answer_end(send)
            heard.append((await listener)["type"])
            done.set()

        open_client(app).get("/")

        assert done.wait(WAIT)
        assert heard == ["http.disconnect"]
