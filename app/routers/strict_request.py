"""Requests that are read strictly, before FastAPI is lenient with them."""

import json
from decimal import Decimal
from typing import Any, Final

from fastapi import Request

from app.routers.refusals import MalformedJson, UnsupportedMediaType, ValidationFailed

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


class StrictRequest(Request):
    """A request whose body is here, and whose JSON has been parsed with exact numbers."""

    content: bytes = b""
    parsed: Any = None

    async def json(self) -> Any:
        return self.parsed

    async def read(self, expected: str | None) -> None:
        """Take in the body; ``expected`` is its media type, or ``None`` where none is looked at.

        Raises:
            UnsupportedMediaType: it is of another type.
            MalformedJson: it is no JSON, or endless.
        """
        self.content = await self.body()
        if expected is None or not self.content:
            return
        content_type = self.headers.get("content-type", "").split(";")[0].strip().lower()
        if content_type != expected:
            raise UnsupportedMediaType(expected)
        if expected == JSON:
            self.parsed = parse_json(self.content)

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
