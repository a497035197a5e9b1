"""The types of settings, as they are written in an environment variable."""

import re
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr

SHORTEST_SECRET: Final = 32

_POSTGRESQL: Final = ("postgres", "postgresql", "postgresql+psycopg")
_SQLITE_FILE: Final = re.compile(r"sqlite:///(?!:memory:|file:).+")

_HOST: Final = re.compile(r"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")
_PATH: Final = re.compile(r"(?:/[A-Za-z0-9._~-]+)*")
"""As browsers and proxies write it, without a doubled slash or one at the end."""


def _absent_if_blank(value: object) -> object:
    return None if isinstance(value, str) and not value.strip() else value


def _seconds_or_iso(value: object) -> object:
    """Read a bare number as seconds; ISO 8601 is left to pydantic."""
    try:
        return float(value) if isinstance(value, str) else value
    except ValueError:
        return value


Duration = Annotated[timedelta, BeforeValidator(_seconds_or_iso), Field(gt=timedelta(0))]
OptionalText = Annotated[str | None, BeforeValidator(_absent_if_blank)]
WebAddress = Annotated[OptionalText, AfterValidator(lambda text: text and text.rstrip("/"))]
"""An address that paths are written after, so without a slash at its end."""
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_absent_if_blank)]


def is_web_address(text: str) -> bool:
    """Whether it is ``http(s)://HOST``, perhaps with a port and a path, and nothing else."""
    with suppress(ValueError):  # a port that is no number, half an IPv6 address
        url = urlsplit(text)
        return (
            url.scheme in ("http", "https")
            and url.port != 0
            and _HOST.fullmatch(url.netloc) is not None
            and _PATH.fullmatch(url.path) is not None
            and text == f"{url.scheme}://{url.netloc}{url.path}"
        )
    return False


def is_database_url(text: str) -> bool:
    """Whether it names a PostgreSQL database, on one host or several, or a file for SQLite.

    Not one in memory: each connection would have its own.
    """
    if _SQLITE_FILE.fullmatch(text):
        return True
    with suppress(ValueError):  # a port that is no number, half an IPv6 address
        url = urlsplit(text)
        hosts = url.netloc.rpartition("@")[2].split(",")
        ports = [urlsplit(f"//{host}").port for host in hosts]
        return url.scheme in _POSTGRESQL and "://" in text and 0 not in ports
    return False


class Environment(StrEnum):
    """Where the shop runs."""

    DEMO = "demo"
    PRODUCTION = "production"


class ConfigurationError(ValueError):
    """The settings do not allow a safe start; the message says which, and what to do."""
