"""Hostile texts for every field of every operation that takes one, as its description says.

A field that is added to an operation is filled in by itself; one that belongs to an operation which
no test calls is named by ``test_pages.py``.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final

import httpx

from app.http.uploads import MULTIPART
from tests.api.conftest import Headers
from tests.api.described_operations import IN_PATH, Operation, resolved
from tests.support.pictures import photo

HOSTILE: Final = "a hostile text, please"
"""Stands in a body for a text that is made for its field."""

SECRETS: Final = frozenset(
    {
        *("password", "current_password", "new_password", "token", "refresh_token", "totp"),
        *("client_secret", "access_code", "promo_code"),
    }
)
"""Fields that are compared with what is kept. A ticket type's own access code is filled in."""

LOOKED_UP: Final = frozenset(
    {
        *("time_zone", "scope", "client_id"),
        *("POST /token username", "POST /events/{event_id}/staff name"),
        *("POST /scanners/enrol code", "POST /payments/webhook event"),
        *("POST /events/{event_id}/check-ins code", "scans[].code", "image"),
    }
)
"""Fields whose text has to be known already, or is no text; no other is kept."""


def texts_of(number: int) -> Iterator[str]:
    """Texts that are markup, a formula and an expression of templates, the longest first.

    The number tells the field. User names have neither spaces nor slashes.
    """
    yield (
        f"""=x{number}"'></title></textarea></script><img src=x onerror=alert({number})>"""
        "{{7*191}}"
    )
    yield f"""=x{number}"'><img src=x onerror=alert({number})>"""
    yield f"""=x{number}"'><x-x>{{{{7*191}}}}"""


def free_texts(operation: Operation) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Where texts of people's own stand in its body, such as ``items[].attendees[]``."""
    for name, schema in operation.body.get("properties", {}).items():
        yield from _texts_at(name, schema, operation.schemas)


def _texts_at(
    path: str, schema: Mapping[str, Any], schemas: dict[str, Any]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for choice in resolved(dict(schema), schemas).get("anyOf", [schema]):
        found = resolved(choice, schemas)
        if found.get("type") == "array":
            yield from _texts_at(f"{path}[]", found["items"], schemas)
        for name, inner in found.get("properties", {}).items():
            yield from _texts_at(f"{path}.{name}", inner, schemas)
        if found.get("type") == "string" and any(fits(text, found) for text in texts_of(100)):
            yield path, found


def fits(text: str, schema: Mapping[str, Any]) -> bool:
    """Whether a field with this schema takes the text."""
    if any(rule in schema for rule in ("enum", "const", "format")):
        return False
    pattern = schema.get("pattern", "")
    return len(text) <= schema.get("maxLength", len(text)) and bool(re.search(pattern, text))


@dataclass
class Typist:
    """Calls operations, and fills hostile texts in wherever no other one is given."""

    api: httpx.Client
    operations: Mapping[str, Operation]
    typed: list[tuple[str, str]] = field(default_factory=list)
    """Each field, such as ``POST /events title``, with the text that was sent in it."""
    _numbers: Iterator[int] = field(default_factory=lambda: count(101))

    def send(self, name: str, headers: Headers, /, *rows: int | str, **given: Any) -> Any:
        """What the operation answers to its example, with these fields; ``rows``: in its path."""
        operation, left = self.operations[name], list(rows)
        texts = dict(free_texts(operation))
        example = operation.example if operation.body else {}
        body = {key: value for key, value in example.items() if key not in texts}
        body |= deepcopy(given)
        for path, schema in texts.items():
            self._fill_in(body, path, f"{name} {path}", schema)
        address = IN_PATH.sub(lambda _: str(left.pop(0)), operation.template)
        sent: dict[str, Any] = {"json": body or None}
        if operation.media_type == MULTIPART:
            sent = {"data": body, "files": {"image": photo(300, 300)}}
        answer = self.api.request(operation.method, address, headers=headers, **sent)
        assert answer.is_success, f"{name}: {answer.text}"
        return answer.json() if answer.content else None

    def text(self, where: str, schema: Mapping[str, Any] | None = None) -> str:
        """A new text for a field."""
        number = next(self._numbers)
        text = next(text for text in texts_of(number) if fits(text, schema or {}))
        self.typed.append((where, text))
        return text

    def _fill_in(
        self, body: dict[str, Any], path: str, where: str, schema: Mapping[str, Any]
    ) -> None:
        name, _, inner = path.partition(".")
        if name.endswith("[]") and inner:
            for item in body.get(name[:-2], []):
                self._fill_in(item, inner, where, schema)
        elif name.endswith("[]"):
            if name[:-2] not in body:
                body[name[:-2]] = [self.text(where, schema)]
        elif body.get(name) == HOSTILE or (name not in body and not is_known(where)):
            body[name] = self.text(where, schema)


def is_known(where: str) -> bool:
    """Whether the field's text is a secret or one that has to be known already."""
    name = where.rpartition(" ")[2]
    return not {where, name, name.rpartition(".")[2]}.isdisjoint(SECRETS | LOOKED_UP)
