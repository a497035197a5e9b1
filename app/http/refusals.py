"""Refusals that only make sense over HTTP; those about tickets are in ``app/domain/errors.py``."""

from collections.abc import Sequence

from app.domain.errors import BadRequest, Forbidden, Invalid, NotFound, TicketingError


class MalformedRequest(BadRequest):
    title = "The body or a header cannot be read."

    def __init__(self, detail: str = "The request's body cannot be read.") -> None:
        super().__init__(detail)


class MalformedJson(BadRequest):
    title = "The body is not JSON."

    def __init__(self, reason: str) -> None:
        super().__init__(f"The body is not valid JSON: {reason}.")


class UnsupportedMediaType(TicketingError):
    title = "This operation does not read bodies of this media type."

    def __init__(self, expected: str) -> None:
        super().__init__(f"Send the body with the header `Content-Type: {expected}`.")


class ContentTooLarge(TicketingError):
    title = "The body is too large."

    def __init__(self, limit: int) -> None:
        super().__init__(f"A body may have at most {limit} bytes.", limit=limit)


class UploadTooSlow(TicketingError):
    title = "The upload is too slow."

    def __init__(self, slowest: int) -> None:
        super().__init__(
            f"The file did not come in time: send at least {slowest:,} bytes a second, or a "
            "smaller file.",
            slowest=slowest,
        )


class UriTooLong(TicketingError):
    title = "The address is too long."

    def __init__(self, *, path: int, query: int) -> None:
        super().__init__(
            f"A path may have at most {path} bytes, and a query {query}.",
            path_limit=path,
            query_limit=query,
        )


class NotAcceptable(TicketingError):
    title = "No media type of this operation is acceptable to the caller."

    def __init__(self, offered: Sequence[str]) -> None:
        super().__init__(f"This can be had as {' or '.join(offered)}.")


class MethodNotAllowed(TicketingError):
    title = "This address does not allow this method."
    sentence = "This address does not take this method; see the header Allow."


class PathNotFound(NotFound):
    title = "There is nothing at this address."
    sentence = "There is nothing at this address; /docs lists what there is."


class FormNotOurs(Forbidden):
    title = "The form is not of this session."
    sentence = "This form is of an older session, or of another site. Open the page again."


class ValidationFailed(Invalid):
    title = "A value breaks a rule; `errors` lists each field and its rule."

    def __init__(self, errors: list[dict[str, str]]) -> None:
        fields = ", ".join(dict.fromkeys(error["pointer"] or "the body" for error in errors))
        super().__init__(f"The request breaks a rule at {fields}.", errors=errors)


BODY_REFUSALS = (
    MalformedJson,
    MalformedRequest,
    ContentTooLarge,
    UnsupportedMediaType,
    ValidationFailed,
)
"""What any operation that reads a body may answer."""


class InternalError(TicketingError):
    title = "An internal error; it is logged under the request's id."
    sentence = "Something went wrong on our side. It was logged under the X-Request-ID."
