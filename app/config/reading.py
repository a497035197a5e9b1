"""Reading the settings of this process, and saying in words what is wrong with them."""

import argparse
from collections.abc import Sequence
from typing import Final

from pydantic import ValidationError

from app.config.settings import Settings

EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104  (compared with, never bound to)


def read_settings() -> Settings:
    """The settings of this process; wrong ones end it with a message instead of a traceback."""
    try:
        return Settings()
    except ValidationError as error:
        raise SystemExit(f"The settings do not allow a start.\n{_in_words(error)}") from None


def _in_words(error: ValidationError) -> str:
    lines = []
    for mistake in error.errors(include_input=False, include_url=False):
        name = "_".join(str(part) for part in mistake["loc"]).upper()
        says = mistake["msg"].removeprefix("Value error, ").replace("\n", "\n  ")
        lines.append(f"  {name}: {says}" if name else f"  {says}")
    return "\n".join(lines)


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
