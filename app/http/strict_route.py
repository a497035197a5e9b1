"""A route that reads requests strictly, before FastAPI is lenient with them."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any, Final, TypeVar

from fastapi import Request, Response, params
from fastapi.dependencies.utils import get_flat_params
from fastapi.routing import APIRoute
from pydantic import TypeAdapter

from app.domain.errors import KeyInUse, KeyReused
from app.http.calls.hurry import Hurry, is_urgent
from app.http.calls.naming import UNSAFE, Naming, naming_of
from app.http.calls.one_hop import Shape, in_one_hop, is_plain
from app.http.calls.queues import FairQueue, is_hashing
from app.http.client_addresses import client_address_of
from app.http.problems import also
from app.http.strict_request import FORM, JSON, StrictRequest, takes_form_too

F = TypeVar("F", bound=Callable[..., Any])

_IGNORES_QUERY: Final = "__ignores_query__"


def ignores_query(endpoint: F) -> F:
    """Mark an endpoint whose address others may write with a query of their own."""
    setattr(endpoint, _IGNORES_QUERY, True)
    return endpoint


class StrictRoute(APIRoute):
    """Refuses unknown query parameters, other kinds of body, and what is not quite JSON.

    Numbers with a fraction arrive as ``Decimal``, so that money never is a float; so do ``NaN`` and
    ``Infinity``, which no field takes. Endless nesting and digits are refused at once.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **described: Any) -> None:
        self._takes_turn = False
        self._is_urgent = is_urgent(endpoint)
        self._form_too = takes_form_too(endpoint)
        self._hashes = is_hashing(endpoint)
        self._ignores_query: bool = getattr(endpoint, _IGNORES_QUERY, False)
        if is_plain(endpoint):
            naming = naming_of(endpoint, described.get("methods") or ())
            # Whoever waits for Paystack, or hashes a password, would keep others from theirs.
            self._takes_turn = naming is Naming.IN_ONE_STEP
            endpoint = in_one_hop(endpoint, self._shape, naming)
            if naming is not Naming.NEVER:
                known = described.get("responses") or {}
                described["responses"] = also(known, KeyInUse, KeyReused)
        described["operation_id"] = endpoint.__name__  # what links call it by
        super().__init__(path, endpoint, **described)

    def _shape(self) -> Shape:
        model = None if self.response_field is None else TypeAdapter(self.response_model)
        shown = {
            "include": self.response_model_include,
            "exclude": self.response_model_exclude,
            "by_alias": self.response_model_by_alias,
            "exclude_unset": self.response_model_exclude_unset,
            "exclude_defaults": self.response_model_exclude_defaults,
            "exclude_none": self.response_model_exclude_none,
        }
        return Shape(int(self.status_code or HTTPStatus.OK), model, shown)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        known = frozenset(
            field.alias
            for field in get_flat_params(self.dependant)
            if isinstance(field.field_info, params.Query)
        )
        takes_turn, comes_first = self._takes_turn, self._is_urgent
        expected, form_too, hashes = self._expected(), self._form_too, self._hashes
        ignores_query = self._ignores_query

        async def answer_strictly(request: Request) -> Response:
            strict = StrictRequest(request.scope, request.receive)
            if strict.scope["query_string"] and not ignores_query:
                strict.ensure_known(known)
            if strict.method in UNSAFE:
                await strict.read(expected, form_too=form_too)
            if comes_first:
                with hurry_of(request).inside():
                    return await answer(strict)
            await hurry_of(request).step_aside()
            if hashes:
                async with passwords_of(request).place(_network_of(request)):
                    return await answer(strict)
            if not takes_turn:
                return await answer(strict)
            async with changes_of(request).place(_caller_of(request)):
                return await answer(strict)

        return answer_strictly

    def _expected(self) -> str | None:
        """The media type of the body this route takes, if it takes one."""
        if self.body_field is None:
            return None
        return FORM if isinstance(self.body_field.field_info, params.Form) else JSON


def hurry_of(request: Request) -> Hurry:
    """Who is in a hurry in this app."""
    hurry: Hurry = request.app.state.hurry
    return hurry


def changes_of(request: Request) -> FairQueue:
    """The queue of calls that change something."""
    queue: FairQueue = request.app.state.changes
    return queue


def passwords_of(request: Request) -> FairQueue:
    """The queue of calls that hash a password."""
    queue: FairQueue = request.app.state.passwords
    return queue


def _caller_of(request: Request) -> str:
    """Whose call it is, before anything is looked up: the token's, or the network's."""
    return request.headers.get("authorization") or _network_of(request)


def _network_of(request: Request) -> str:
    return client_address_of(request.scope, request.app.state.trusted_proxies).network
