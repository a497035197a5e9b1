"""The types of settings, as they are written in an environment variable."""

import re
from contextlib import suppress
from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, SecretStr

SHORTEST_SECRET: Final = 32

_POSTGRESQL: Final = ("postgres", "postgresql", "postgresql+psycopg")
_SQLITE_FILE: Final = re.compile(r"sqlite:///(?!:memory:|file:).+")


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
OptionalSecret = Annotated[SecretStr | None, BeforeValidator(_absent_if_blank)]


def is_database_url(text: str) -> bool:
    """Whether it names a PostgreSQL database, or a file for SQLite.

    Not one in memory: each connection would have its own.
    """
    if _SQLITE_FILE.fullmatch(text):
        return True
    with suppress(ValueError):  # a port that is no number, half an IPv6 address
        url = urlsplit(text)
        return url.scheme in _POSTGRESQL and "://" in text and url.port != 0
    return False


class Environment(StrEnum):
    """Where the shop runs."""

    DEMO = "demo"
    PRODUCTION = "production"


class ConfigurationError(ValueError):
    """The settings do not allow a safe start; the message says which, and what to do."""
