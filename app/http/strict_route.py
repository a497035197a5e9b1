"""The route of this shop: it reads requests strictly, before FastAPI is lenient with them."""

from collections.abc import Callable, Coroutine, Iterator
from typing import Any, Final, TypeVar

from fastapi import Request, Response, params
from fastapi.dependencies.models import Dependant
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute

from app.domain.errors import (
    Busy,
    DatabaseUnavailable,
    KeyInUse,
    KeyReused,
    NotLoggedIn,
    OrganizationRoleMissing,
    ScannerNotEnrolled,
    TicketingError,
)
from app.domain.paging import CursorInvalid
from app.http.callers import access_of, access_token, scanner_token
from app.http.concurrency_limit import UNSAFE, ConcurrencyLimits, place_of
from app.http.dependencies import LINK_HEADER, paging_dependency, services_dependency
from app.http.idempotency import HEADER
from app.http.problems import also
from app.http.refusals import BODY_REFUSALS, ValidationFailed
from app.http.strict_request import FORM, JSON, StrictRequest, takes_form_too

F = TypeVar("F", bound=Callable[..., Any])

REFUSALS_OF_DEPENDENCY: Final[dict[object, tuple[type[TicketingError], ...]]] = {
    services_dependency: (Busy, DatabaseUnavailable),
    access_token: (NotLoggedIn,),
    scanner_token: (NotLoggedIn, ScannerNotEnrolled),
    paging_dependency: (CursorInvalid,),
}
"""What a route may answer that depends on this."""

_IGNORES_QUERY: Final = "__ignores_query__"

_USUAL: Final = {
    "response_model_include": None,
    "response_model_exclude": None,
    "response_model_by_alias": True,
    "response_model_exclude_unset": False,
    "response_model_exclude_defaults": False,
    "response_model_exclude_none": False,
}
"""Options of FastAPI that say how it serializes an answer, and what they are if not given."""


def ignores_query(endpoint: F) -> F:
    """Mark an endpoint whose address others may write with a query of their own."""
    setattr(endpoint, _IGNORES_QUERY, True)
    return endpoint


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
        self.responses = also(self.responses, *self._common_refusals())
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
            if strict.method in UNSAFE:
                await strict.read(expected, form_too=form_too)
            async with limits_of(request).place(place, request):
                return await answer(strict)

        return answer_strictly

    def _common_refusals(self) -> Iterator[type[TicketingError]]:
        """What it may answer because of what it declares; routes list the refusals of their own."""
        yield ValidationFailed
        if self.body_field is not None:
            yield from BODY_REFUSALS
        if HEADER in self._names_of(params.Header):
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
    """The concurrency limits of this app."""
    limits: ConcurrencyLimits = request.app.state.limits
    return limits
