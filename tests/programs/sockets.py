"""Servers of this process that are called by bare sockets, as slow and rude callers do."""

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

import uvicorn

PATIENCE: Final = 30.0
"""Far above the limits of the tests: who waits that long was not cut off."""


@contextmanager
def serving(app: Any, protocol: type[asyncio.Protocol]) -> Iterator[Callable[[], socket.socket]]:
    """A server in this process; gives what opens connections to it."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(app, http=protocol, lifespan="off", log_config=None, loop="asyncio")
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield lambda: socket.create_connection(listener.getsockname(), PATIENCE)
    finally:
        server.should_exit = server.force_exit = True
        thread.join()
        listener.close()


def rest_of(connection: socket.socket) -> bytes:
    """What comes until the other side closes."""
    found = b""
    try:
        while piece := connection.recv(65_536):
            found += piece
    except ConnectionResetError:
        pass
    return found
