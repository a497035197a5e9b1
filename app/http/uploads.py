"""Files that come with a form. Who sends one is known before it is read, and it has a bound.

What is read is in a file of its own beyond a megabyte, until the route takes it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from fastapi import Request
from starlette.datastructures import UploadFile

from app.http.middleware import announced_length
from app.http.refusals import ContentTooLarge, UnsupportedMediaType, ValidationFailed

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
        MalformedRequest: it cannot be read, or has several files.
        ValidationFailed: a field is missing, or none of those there may be.
    """
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
    if len(content) > most:
        raise ContentTooLarge(most)
    return Upload(content, fields)
