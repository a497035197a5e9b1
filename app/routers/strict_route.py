"""A route that reads requests strictly, before FastAPI is lenient with them."""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from http import HTTPStatus
from typing import Any, Final

from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from app.domain.errors import KeyInUse, KeyReused
from app.routers.naming import Naming, naming_of
from app.routers.one_hop import Shape, in_one_hop, is_plain
from app.routers.problems import also
from app.routers.refusals import MalformedJson, UnsupportedMediaType, ValidationFailed
from app.routers.turns import Turns

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


class StrictRequest(Request):
    """A request whose JSON has been parsed with exact numbers."""

    parsed: Any = None

    async def json(self) -> Any:
        return self.parsed


class StrictRoute(APIRoute):
    """Refuses unknown query parameters, other kinds of body, and what is not quite JSON.

    Numbers with a fraction arrive as ``Decimal``, so that money never is a float; so do ``NaN`` and
    ``Infinity``, which no field takes. Endless nesting and digits are refused at once.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
        self._takes_turn = False
        if is_plain(endpoint):
            naming = naming_of(endpoint, described.get("methods") or ())
            # Whoever waits for Paystack, or hashes a password, would keep others from theirs.
            self._takes_turn = naming is Naming.IN_ONE_STEP
            endpoint = in_one_hop(endpoint, self._shape, naming)
            if naming is not Naming.NEVER:
                known = described.get("responses") or {}
                described["responses"] = also(known, KeyInUse, KeyReused)
        super().__init__(path, endpoint, **described)

    def _shape(self) -> Shape:
        model = None if self.response_field is None else TypeAdapter(self.response_model)
        return Shape(int(self.status_code or HTTPStatus.OK), model)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        known = frozenset(
            field.alias
            for field in get_flat_params(self.dependant)
            if isinstance(field.field_info, params.Query)
        )
        field_info = self.body_field.field_info if self.body_field else None
        takes_turn = self._takes_turn
        expected = None if field_info is None else FORM if _is_form(field_info) else JSON

        async def answer_strictly(request: Request) -> Response:
            if request.scope["query_string"]:
                _ensure_known(request, known)
            strict = StrictRequest(request.scope, request.receive)
            if expected is not None:
                await _read(strict, expected)
            if not takes_turn:
                return await answer(strict)
            await strict.body()  # now: a turn is not for waiting for the client
            async with turns_of(request).one():
                return await answer(strict)

        return answer_strictly


def turns_of(request: Request) -> Turns:
    """The turns of this app."""
    turns: Turns = request.app.state.turns
    return turns


def _is_form(field_info: object) -> bool:
    return isinstance(field_info, params.Form)


def _ensure_known(request: Request, known: frozenset[str]) -> None:
    unknown = [name for name in request.query_params if name not in known]
    if unknown:
        rule = f"is not one of {', '.join(sorted(known))}" if known else "takes no parameters"
        raise ValidationFailed(
            [{"pointer": f"/{name}", "in": "query", "detail": rule} for name in unknown]
        )


async def _read(request: StrictRequest, expected: str) -> None:
    body = await request.body()
    if not body:
        return
    content_type = request.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type != expected:
        raise UnsupportedMediaType(expected)
    if expected == JSON:
        request.parsed = parse_json(body)


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
