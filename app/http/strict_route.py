"""Routes of this shop, and their requests: read strictly, before FastAPI is lenient with them."""

import json
from collections.abc import Callable, Coroutine, Iterator
from decimal import Decimal
from typing import Any, Final, TypeVar
from urllib.parse import parse_qsl

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from starlette.datastructures import Headers

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    KeyInUse,
    KeyReused,
    NotLoggedIn,
    OrganizationRoleMissing,
    PaymentGatewayFenced,
    PaymentGatewayUnavailable,
    PreconditionFailed,
    RoleMissing,
    ScannerNotEnrolled,
    TicketingError,
)
from app.domain.operations.clocks import GOES_FIRST
from app.domain.paging import CursorInvalid
from app.http.answers import JSON, KEY_HEADER, LINK_HEADER, paging_dependency
from app.http.callers import Access, access_of
from app.http.concurrency_limit import UNSAFE, ConcurrencyLimits, Place, place_of
from app.http.dependencies import access_token, scanner_token, services_dependency
from app.http.openapi.responses import also
from app.http.preconditions import if_match
from app.http.refusals import (
    BODY_REFUSALS,
    MalformedJson,
    UnsupportedMediaType,
    UploadTooSlow,
    ValidationFailed,
)

F = TypeVar("F", bound=Callable[..., Any])

FORM: Final = "application/x-www-form-urlencoded"

_OAUTH_ONLY: Final = {"grant_type", "scope", "client_id", "client_secret"}
"""Fields that OAuth 2.0 clients send along, and that say nothing here."""

REFUSALS_OF_DEPENDENCY: Final[dict[object, tuple[type[TicketingError], ...]]] = {
    services_dependency: (Busy, DatabaseUnavailable),
    access_token: (NotLoggedIn,),
    scanner_token: (NotLoggedIn, ScannerNotEnrolled),
    paging_dependency: (CursorInvalid,),
    if_match: (PreconditionFailed,),
}
"""What a route may answer that depends on this."""

_USUAL: Final = {
    "response_model_include": None,
    "response_model_exclude": None,
    "response_model_by_alias": True,
    "response_model_exclude_unset": False,
    "response_model_exclude_defaults": False,
    "response_model_exclude_none": False,
}
"""Options of FastAPI that say how it serializes an answer, and what they are if not given."""

_FORM_TOO: Final = "__form_too__"
_IGNORES_QUERY: Final = "__ignores_query__"


def also_as_form(endpoint: F) -> F:
    """Mark an endpoint whose JSON body may come as a form of the same fields (RFC 6749, 6)."""
    setattr(endpoint, _FORM_TOO, True)
    return endpoint


def takes_form_too(endpoint: Callable[..., Any]) -> bool:
    return hasattr(endpoint, _FORM_TOO)


def ignores_query(endpoint: F) -> F:
    """Mark an endpoint whose address others may write with a query of their own."""
    setattr(endpoint, _IGNORES_QUERY, True)
    return endpoint


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


class StrictRoute(APIRoute):
    """Refuses unknown query parameters, other kinds of body, and what is not quite JSON.

    Numbers with a fraction arrive as ``Decimal``, so that money never is a float; so do ``NaN`` and
    ``Infinity``, which no field takes. Endless nesting and digits are refused at once. The call
    takes its place of the concurrency limit before it takes a thread. A route that does not declare
    who may call it is refused at the start.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
        described["operation_id"] = endpoint.__name__  # what links call it by
        super().__init__(path, endpoint, **described)
        if ignored := [
            name for name, usual in _USUAL.items() if described.get(name, usual) != usual
        ]:
            raise TypeError(
                f"{endpoint.__name__} returns finished answers, which {', '.join(ignored)} would "
                "not change: leave the fields out of the model."
            )
        self.access, self.action = access_of(endpoint)
        own = also(self.responses, *self._marked_refusals())
        self.responses = also(own, *self._common_refusals())
        if paging_dependency in _dependencies_of(self.dependant):
            self.responses.setdefault(200, {})["headers"] = LINK_HEADER

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        known = None if hasattr(self.endpoint, _IGNORES_QUERY) else self._names_of(params.Query)
        expected, form_too = self._expected(), takes_form_too(self.endpoint)
        place = place_of(self.endpoint, self.methods)

        async def answer_strictly(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            if known is not None and strict.scope["query_string"]:
                strict.ensure_known(known)
            if strict.method in UNSAFE and place is not Place.UPLOAD:
                await strict.read(expected, form_too=form_too)
            if place is Place.NONE:
                return await answer(strict)
            GOES_FIRST.set(place is Place.SCAN)
            async with limits_of(request).place(place, request):
                return await answer(strict)

        return answer_strictly

    def _marked_refusals(self) -> Iterator[type[TicketingError]]:
        """What it may answer because of its mark, or because it is for admins."""
        if self.access is Access.ADMIN:
            yield RoleMissing
        if place_of(self.endpoint, UNSAFE) is Place.NONE:  # as `@waits_for_paystack` marks it
            yield from (PaymentGatewayFenced, PaymentGatewayUnavailable)

    def _common_refusals(self) -> Iterator[type[TicketingError]]:
        """What it may answer because of what it declares; routes list the refusals of their own."""
        yield ValidationFailed
        takes_file = place_of(self.endpoint, ()) is Place.UPLOAD
        if self.body_field is not None or takes_file:
            yield from BODY_REFUSALS
        if takes_file:
            yield UploadTooSlow
        if KEY_HEADER in self._names_of(params.Header):
            yield from (KeyInUse, KeyReused)
        if self.action is not None:
            yield OrganizationRoleMissing
        for dependency in _dependencies_of(self.dependant):
            yield from REFUSALS_OF_DEPENDENCY.get(dependency, ())

    def _names_of(self, kind: type[params.Param]) -> frozenset[str]:
        """The names of its parameters of this kind, those of its dependencies among them."""
        return frozenset(
            field.alias
            for field in get_flat_params(self.dependant)
            if isinstance(field.field_info, kind)
        )

    def _expected(self) -> str | None:
        """The media type of the body this route takes, if it takes one."""
        if self.body_field is None:
            return None
        return FORM if isinstance(self.body_field.field_info, params.Form) else JSON


def _dependencies_of(dependant: Dependant) -> Iterator[Callable[..., Any] | None]:
    """What a route depends on, directly or not."""
    for each in dependant.dependencies:
        yield each.call
        yield from _dependencies_of(each)


def limits_of(request: Request) -> ConcurrencyLimits:
    limits: ConcurrencyLimits = request.app.state.limits
    return limits
