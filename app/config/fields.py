"""The types of settings, as they are written in an environment variable."""

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, SecretStr

SHORTEST_SECRET: Final = 32


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


class Environment(StrEnum):
    """Where the shop runs."""

    DEMO = "demo"
    PRODUCTION = "production"


class ConfigurationError(ValueError):
    """The settings do not allow a safe start; the message says which, and what to do."""
