"""Where a demo is reached whose settings name no address."""

import argparse
from collections.abc import Sequence
from typing import Final

EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  (compared with, never bound to)


def own_address(arguments: Sequence[str]) -> str:
    """The address of a server started with these arguments of uvicorn, seen from its own machine.

    Without ``--host`` and ``--port`` uvicorn listens at 127.0.0.1, port 8000.
    """
    reader = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    reader.add_argument("--host", default="127.0.0.1")
    reader.add_argument("--port", type=int, default=8000)
    try:
        given, _ = reader.parse_known_args(arguments)
    except argparse.ArgumentError:  # uvicorn refuses it with better words
        given = reader.parse_args([])
    host = "127.0.0.1" if given.host in EVERYWHERE else given.host
    return f"http://[{host}]:{given.port}" if ":" in host else f"http://{host}:{given.port}"
