"""Files that come with a form. Who sends one is known before it is read, and it has a bound.

What is read is in a file of its own beyond a megabyte, until the route takes it.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import anyio
from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.types import Message, Receive

from app.domain.operations.clocks import CALL_ENDS_AT
from app.http.middleware import SLOWEST_BODY, announced_length
from app.http.refusals import (
    ContentTooLarge,
    UnsupportedMediaType,
    UploadTooSlow,
    ValidationFailed,
)

MULTIPART: Final = "multipart/form-data"
MOST_FIELDS: Final = 10
FORM_BYTES: Final = 16 * 1024
"""What a form may have beside its file: other fields, and what separates them."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file, and the form's other fields."""

    content: bytes
    fields: dict[str, str]


async def read_upload(request: Request, *, name: str, others: Collection[str]) -> Upload:
    """The form's one file and its other fields; neither the file's name nor its type is looked at.

    Args:
        request: the call.
        name: the field with the file; one without a file has no content.
        others: the fields there may be beside it.

    Raises:
        UnsupportedMediaType: it is no form with files.
        ContentTooLarge: it is longer than a picture may be.
        UploadTooSlow: it falls behind ``SLOWEST_BODY`` for longer than it may.
        MalformedRequest: it cannot be read, or has several files.
        ValidationFailed: a field is missing, or none of those there may be.
    """
    begun = time.monotonic()
    request = Request(request.scope, _in_time(request))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != MULTIPART:
        raise UnsupportedMediaType(MULTIPART)
    most: int = request.app.state.picture_bytes
    if announced_length(request.scope["headers"]) > most + FORM_BYTES:
        raise ContentTooLarge(most)
    async with request.form(max_files=1, max_fields=MOST_FIELDS, max_part_size=FORM_BYTES) as form:
        if unknown := [field for field in form if field != name and field not in others]:
            known = ", ".join(sorted([name, *others]))
            raise ValidationFailed(
                [{"pointer": f"/{field}", "detail": f"is not one of {known}"} for field in unknown]
            )
        file = form.get(name)
        if not isinstance(file, UploadFile):
            raise ValidationFailed([{"pointer": f"/{name}", "detail": "must be a file"}])
        content = await file.read(most + 1)
        fields = {field: value for field, value in form.items() if isinstance(value, str)}
    _put_off_end(timedelta(seconds=time.monotonic() - begun))
    if len(content) > most:
        raise ContentTooLarge(most)
    return Upload(content, fields)


def _put_off_end(reading: timedelta) -> None:
    """What the sender's network takes is not what the call waits for the database."""
    ends_at = CALL_ENDS_AT.get()
    if ends_at is not None:
        CALL_ENDS_AT.set(ends_at + reading.total_seconds())


def _in_time(request: Request) -> Receive:
    """What receives the body as long as it comes fast enough: others wait for its place."""
    grace: float = request.app.state.upload_grace.total_seconds()
    begun, received = anyio.current_time(), 0

    async def receive() -> Message:
        nonlocal received
        try:
            ends = begun + grace + received / SLOWEST_BODY
            with anyio.fail_after(max(ends - anyio.current_time(), 0)):
                message = await request.receive()
        except TimeoutError:
            raise UploadTooSlow(SLOWEST_BODY) from None
        received += len(message.get("body", b""))
        return message

    return receive
