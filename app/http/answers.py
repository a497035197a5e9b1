"""Finished answers, which FastAPI sends as they are: pages, and those kept under a key.

A call that is repeated under one ``Idempotency-Key`` has its effect once, and the same answer
again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final, TypeVar
from urllib.parse import urlencode

from fastapi import Depends, Header, Query, Request, Response
from pydantic import BaseModel

from app.domain.operations.idempotency import KeyedCall
from app.domain.paging import LONGEST_CURSOR, Cursor, Page
from app.http.dependencies import client_address_of, current_user, current_user_if_any, services_of
from app.models.users.users import User
from app.services.operations.idempotency import Answer, IdempotencyService, Progress

F = TypeVar("F", bound=Callable[..., Any])
Shown = Response | BaseModel | None
"""What an answer shows: a model as JSON, ``None``: nothing; or the answer itself."""

JSON: Final = "application/json"
MOST_ITEMS: Final = 100

LINK_HEADER: dict[str, Any] = {
    "Link": {
        "description": 'Where the next page is: `<…>; rel="next"` (RFC 8288). Absent on the last.',
        "schema": {"type": "string"},
    }
}

KEY_HEADER: Final = "Idempotency-Key"
HASH_LENGTH: Final = 48
"""Hexadecimal digits that tell anonymous callers apart: as many as their column has room for."""

_MARK: Final = "__without_idempotency_key__"

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias=KEY_HEADER,
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your own, new for each call. Send the call again under the same "
        "one, as after a lost connection: it happens once, and answers the same.",
    ),
]


def answer(
    shown: BaseModel | Sequence[BaseModel],
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The answer that shows this model, or a list of them, as JSON."""
    return Response(_json(shown), status, headers, JSON)


def created(shown: BaseModel) -> Response:
    """201: the answer that shows what was created."""
    return answer(shown, status=201)


def accepted(shown: BaseModel) -> Response:
    """202: the answer about work that is done later."""
    return answer(shown, status=202)


def no_content() -> Response:
    """204: the work is done, and there is nothing to show."""
    return Response(status_code=204)


def _json(shown: BaseModel | Sequence[BaseModel]) -> str:
    if isinstance(shown, BaseModel):
        return shown.model_dump_json(by_alias=True)
    return f"[{','.join(each.model_dump_json(by_alias=True) for each in shown)}]"


class Paging:
    """Which page of a list is asked for, and the answer that shows it."""

    def __init__(self, request: Request, limit: int, cursor: str | None) -> None:
        self.limit = limit
        self._request = request
        self._cursor = cursor

    def after(self, sort: str) -> Cursor | None:
        """The place behind which the page starts; ``None`` for the first.

        Raises:
            CursorInvalid: the cursor is not of a list with this sort.
        """
        return Cursor.behind(self._cursor, sort=sort)

    def answer(self, page: Page[BaseModel]) -> Response:
        """The page; its header ``Link`` says where the next one is."""
        headers = None
        if page.next is not None:
            query = [each for each in self._request.query_params.items() if each[0] != "cursor"]
            address = urlencode([*query, ("cursor", page.next.encode())])
            headers = {"Link": f'<{self._request.url.path}?{address}>; rel="next"'}
        return answer(page.items, headers=headers)


async def paging_dependency(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=MOST_ITEMS, description="Items on a page.")] = 20,
    cursor: Annotated[
        str | None,
        Query(max_length=LONGEST_CURSOR, description="From the `Link` header of the page before."),
    ] = None,
) -> Paging:
    return Paging(request, limit, cursor)


PagingDep = Annotated[Paging, Depends(paging_dependency)]


def without_idempotency_key(endpoint: F) -> F:
    """Mark an endpoint that changes something and takes no key.

    Its answer is a secret, which is not kept; or a password is in its body, of which not even a
    hash is kept; or it recognizes repeats by something else.
    """
    setattr(endpoint, _MARK, True)
    return endpoint


def is_without_idempotency_key(endpoint: Callable[..., Any]) -> bool:
    return hasattr(endpoint, _MARK)


class IdempotentCall:
    """Runs the body of a route once per key, and replays its answer to repeats.

    Without a key it runs the body and nothing else.
    """

    def __init__(
        self, request: Request, body: bytes, *, key: str | None, caller: User | None
    ) -> None:
        self._request = request
        self._body = body
        self._key = key
        self._caller = caller

    def run(self, act: Callable[[], Shown]) -> Response:
        """Run a body whose whole effect is one transaction, which key and answer join.

        Args:
            act: does the work and returns what the answer shows. It calls nothing outside the
                shop.

        Raises:
            KeyReused: the key belongs to a call that asked for something else.
            KeyInUse: a call with this key is still in progress.
        """
        if self._key is None:
            return self._answer(act())
        call = self._keyed_call(self._key)
        return _response(self._service.in_one_transaction(call, lambda: _kept(self._answer(act()))))

    def run_in_several_transactions(self, act: Callable[[Progress | None], Shown]) -> Response:
        """Run a body that calls Paystack between its transactions.

        Args:
            act: does the work and returns what the answer shows. It is told what an earlier try
                under this key has done; ``None`` without a key.

        Raises:
            KeyReused: the key belongs to a call that asked for something else.
            KeyInUse: a call with this key is still in progress.
        """
        if self._key is None:
            return self._answer(act(None))
        call = self._keyed_call(self._key)
        return _response(
            self._service.in_several_transactions(
                call, lambda progress: _kept(self._answer(act(progress)))
            )
        )

    def _answer(self, shown: Shown) -> Response:
        """The finished answer, with the status that the route declares."""
        if isinstance(shown, Response):
            return shown
        if shown is None:
            return no_content()
        return answer(shown, status=self._request.scope["route"].status_code or 200)

    @property
    def _service(self) -> IdempotencyService:
        return services_of(self._request).idempotency

    def _keyed_call(self, key: str) -> KeyedCall:
        request, caller = self._request, self._caller
        fingerprint = _fingerprint(request, self._body)
        return KeyedCall(
            caller=f"user:{caller.id}" if caller else _anonymous_caller(request, fingerprint),
            operation=f"{request.method} {request.scope['route'].path}",
            key=key,
            fingerprint=fingerprint,
        )


async def _call_of_account(
    request: Request,
    caller: Annotated[User, Depends(current_user)],
    key: IdempotencyKey = None,
) -> IdempotentCall:
    return IdempotentCall(request, await request.body(), key=key, caller=caller)


async def _call_without_login(request: Request, key: IdempotencyKey = None) -> IdempotentCall:
    return IdempotentCall(request, await request.body(), key=key, caller=None)


async def _call_of_account_if_any(
    request: Request,
    caller: Annotated[User | None, Depends(current_user_if_any)],
    key: IdempotencyKey = None,
) -> IdempotentCall:
    return IdempotentCall(request, await request.body(), key=key, caller=caller)


IdempotentCallDep = Annotated[IdempotentCall, Depends(_call_of_account)]
"""The key is the account's that calls."""
PublicCallDep = Annotated[IdempotentCall, Depends(_call_of_account_if_any)]
"""The key is the account's, or that of a caller without a login."""
AnonymousCallDep = Annotated[IdempotentCall, Depends(_call_without_login)]


def _kept(response: Response) -> Answer:
    return Answer(response.status_code, bytes(response.body))


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, media_type=JSON if answer.body else None)
    if answer.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def _anonymous_caller(request: Request, fingerprint: str) -> str:
    """A name for callers that only those share who ask the same from the same address.

    Others may use the same key: they neither get the answer, nor are they refused. Where addresses
    are not known, those who ask the same are one caller.
    """
    client = client_address_of(request.scope, request.app.state.trusted_proxies)
    asked = f"{client.address} {fingerprint}"
    return f"anonymous:{hashlib.sha256(asked.encode()).hexdigest()[:HASH_LENGTH]}"


def _fingerprint(request: Request, body: bytes) -> str:
    """A hash of address, query and body, which tells calls apart that ask for something else.

    Anybody could compute it: operations with a password in their body take no key.
    """
    asked = hashlib.sha256()
    for part in (request.url.path.encode(), request.scope["query_string"], body):
        asked.update(len(part).to_bytes(8, "big") + part)
    return asked.hexdigest()
