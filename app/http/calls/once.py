"""The header ``Idempotency-Key``: a call that is made twice happens once."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated

from fastapi import Header, Response

from app.http.client_addresses import client_address_of
from app.http.dependencies import services_of
from app.http.strict_request import StrictRequest
from app.models.users.users import User
from app.repositories.operations.idempotency import NamedCall
from app.services.operations.idempotency import Answer, IdempotencyService, Progress

JSON = "application/json"
HASH_LENGTH = 48
"""Hexadecimal digits that tell anonymous callers apart: as many as their column has room for."""

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Any text of your own, new for each call. Send the call again under the same "
        "one, as after a lost connection: it happens once, and answers the same.",
    ),
]


@dataclass(slots=True)
class Once:
    """Makes a call happen once, if the client named it.

    ``in_steps`` is for calls that wait for somebody else, or hash a password, between their
    transactions; such a route finds in ``progress`` what an earlier try had done.
    """

    service: IdempotencyService
    operation: str
    fingerprint: str
    anonymous: str
    """Whose key it is when nobody is logged in."""
    key: str | None
    in_steps: bool
    progress: Progress | None = field(default=None, init=False)

    def run(self, answer: Callable[[], Response], *, caller: User | None) -> Response:
        """Answer, or give the answer of the first time again."""
        if self.key is None:
            return answer()
        call = NamedCall(
            caller=f"user:{caller.id}" if caller else self.anonymous,
            operation=self.operation,
            key=self.key,
            fingerprint=self.fingerprint,
        )
        if self.in_steps:
            return _response(self.service.in_steps(call, lambda p: self._try(answer, p)))
        return _response(self.service.in_one_step(call, lambda: _answer(answer())))

    def _try(self, answer: Callable[[], Response], progress: Progress) -> Answer:
        self.progress = progress
        return _answer(answer())


def _answer(response: Response) -> Answer:
    return Answer(response.status_code, bytes(response.body))


def _response(answer: Answer) -> Response:
    response = Response(answer.body, answer.status, media_type=JSON if answer.body else None)
    if answer.is_replay:
        response.headers["Idempotent-Replayed"] = "true"
    return response


def once_of(request: StrictRequest, key: str | None, *, in_steps: bool) -> Once:
    """What makes this call happen once, if the client named it ``key``."""
    operation = f"{request.method} {request.scope['route'].path}"
    fingerprint = "" if key is None else _fingerprint(request)
    anonymous = "" if key is None else _anonymous_caller(request, fingerprint)
    service = services_of(request).idempotency
    return Once(service, operation, fingerprint, anonymous, key, in_steps)


def _anonymous_caller(request: StrictRequest, fingerprint: str) -> str:
    """A name for callers that only those share who ask the same from the same address.

    Others may use the same key: they neither get the answer, nor are they refused. Where addresses
    are not known, those who ask the same are one caller.
    """
    client = client_address_of(request.scope, request.app.state.trusted_proxies)
    asked = f"{client.address} {fingerprint}"
    return f"anonymous:{hashlib.sha256(asked.encode()).hexdigest()[:HASH_LENGTH]}"


def _fingerprint(request: StrictRequest) -> str:
    """Tells calls apart that ask for something else.

    A hash of the body that anybody could compute: operations with a password in theirs take no key.
    """
    asked = hashlib.sha256()
    for part in (request.url.path.encode(), request.scope["query_string"], request.content):
        asked.update(len(part).to_bytes(8, "big") + part)
    return asked.hexdigest()
