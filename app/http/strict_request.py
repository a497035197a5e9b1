"""Requests that are read strictly, before FastAPI is lenient with them."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import Headers

from app.http.refusals import MalformedJson, UnsupportedMediaType, ValidationFailed

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


_OAUTH_ONLY: Final = {"grant_type", "scope", "client_id", "client_secret"}
"""Fields that OAuth 2.0 clients send along, and that say nothing here."""

_FORM_TOO: Final = "__form_too__"

F = TypeVar("F", bound=Callable[..., Any])


def also_as_form(endpoint: F) -> F:
    """Mark an endpoint whose JSON body may come as a form of the same fields (RFC 6749, 6)."""
    setattr(endpoint, _FORM_TOO, True)
    return endpoint


def takes_form_too(endpoint: Callable[..., Any]) -> bool:
    """Whether the endpoint is marked so."""
    return hasattr(endpoint, _FORM_TOO)


class StrictRequest(Request):
    """A request whose body is here, and whose JSON has been parsed with exact numbers."""

    content: bytes = b""
    parsed: Any = None

    async def json(self) -> Any:
        return self.parsed

    async def read(self, expected: str | None, *, form_too: bool = False) -> None:
        """Take in the body.

        Args:
            expected: its media type, or ``None`` where none is looked at.
            form_too: whether a form may come in place of JSON.

        Raises:
            UnsupportedMediaType: it is of another type.
            MalformedJson: it is no JSON, or endless.
        """
        self.content = await self.body()
        if expected is None or not self.content:
            return
        content_type = Headers(scope=self.scope).get("content-type", "")
        kind = content_type.split(";")[0].strip().lower()
        if form_too and kind == FORM:
            self._take_form_as_json()
        elif kind != expected:
            raise UnsupportedMediaType(expected)
        elif expected == JSON:
            self.parsed = parse_json(self.content)

    def _take_form_as_json(self) -> None:
        fields = parse_qsl(self.content.decode(errors="replace"), keep_blank_values=True)
        self.parsed = {name: value for name, value in fields if name not in _OAUTH_ONLY}
        others = [each for each in self.scope["headers"] if each[0] != b"content-type"]
        self.scope["headers"] = [*others, (b"content-type", JSON.encode())]

    def ensure_known(self, parameters: frozenset[str]) -> None:
        """Refuse a query parameter that is not among these.

        Raises:
            ValidationFailed: names each that is not.
        """
        unknown = [name for name in self.query_params if name not in parameters]
        if unknown:
            known = ", ".join(sorted(parameters))
            rule = f"is not one of {known}" if known else "takes no parameters"
            raise ValidationFailed(
                [{"pointer": f"/{name}", "in": "query", "detail": rule} for name in unknown]
            )


def parse_json(body: bytes) -> Any:
    """Read JSON as RFC 8259 defines it, and ``NaN`` and ``Infinity``, for a field to refuse.

    Raises:
        MalformedJson: it is not UTF-8, not JSON, nested or long beyond reason.
    """
    try:
        found = json.loads(body.decode(), parse_float=Decimal, parse_constant=Decimal)
        # A bare number is no body; but a Decimal is an object, in which fields would be looked for.
        return float(found) if isinstance(found, Decimal) else found
    except UnicodeDecodeError as error:
        raise MalformedJson("it is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise MalformedJson(f"{error.msg} at character {error.pos}") from error
    except RecursionError as error:
        raise MalformedJson("it is nested too deeply") from error
    except ValueError as error:
        # Python refuses integers of more than 4,300 digits.
        raise MalformedJson("a number has too many digits") from error
