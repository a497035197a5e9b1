"""Conditions that callers set: change it only if it is still as they have read it."""

from typing import Annotated, Any, Final

from fastapi import Depends, Header

from app.domain.events.versions import IfMatch

ETAG_HEADER: Final[dict[str, Any]] = {
    "ETag": {
        "description": "The version of the event and its ticket types. Send it as `If-Match` with "
        "a change that must not undo another one. Sales do not change it.",
        "schema": {"type": "string"},
        "example": '"1"',
    }
}

IfMatchHeader = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=500,
        description="The ETag of the event as it was read: if it has changed since then, in its "
        "ticket types as well, the call changes nothing and answers 412. `*`: whatever it is now.",
    ),
]


async def if_match(header: IfMatchHeader = None) -> IfMatch | None:
    return None if header is None else IfMatch.of_header(header)


IfMatchDep = Annotated[IfMatch | None, Depends(if_match)]
"""What the event has to be like; ``None``: the caller sets no condition."""
