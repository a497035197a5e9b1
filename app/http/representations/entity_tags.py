"""Telling callers that what they have is still right (RFC 9110, sections 8.8.3 and 13.1.2)."""

import hashlib
from typing import Annotated

from fastapi import Header

IfNoneMatch = Annotated[str | None, Header(alias="If-None-Match", include_in_schema=False)]


def entity_tag(*shown: object) -> str:
    """The tag of an answer that is made of these values and nothing else."""
    digest = hashlib.blake2b(repr(shown).encode(errors="backslashreplace"), digest_size=15)
    return f'"{digest.hexdigest()}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Whether the caller has the answer with this tag."""
    known = (if_none_match or "").split(",")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in known)
