"""Reads what callers send: JSON or a form with bracket keys, on any method."""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from app.paystack_mock.values.refusals import Refusal, unreadable_body

Fields = dict[str, Any]

_LARGEST_BODY_BYTES = 1_000_000
_MOST_FORM_FIELDS = 1_000
_DEEPEST = 30
_FORM = "application/x-www-form-urlencoded"
_KEY = re.compile(r"([^\[\]]+)((?:\[[^\[\]]*\])*)")
# Above this a float is no longer an exact whole number.
_LARGEST_EXACT = 2.0**53


async def read_fields(request: Request) -> Fields:
    """Read the body; null counts as absent, and so does an empty body.

    Raises:
        Refusal: it is too large, unreadable, too deep, or not an object.
    """
    raw = await _read_raw(request)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        raise unreadable_body("The body is not UTF-8") from None
    if not text.strip():
        return {}
    if request.headers.get("content-type", "").lower().startswith(_FORM):
        return parse_form(text)
    return _object(parse_json(text))


async def read_query(request: Request) -> Fields:
    """Read the query of a list; a JSON body may carry the same fields."""
    fields = await read_fields(request)
    return fields | dict(request.query_params)


def parse_json(text: str) -> Any:
    """Parse JSON that can be written again as JSON.

    Raises:
        Refusal: it is not JSON, or holds NaN, an endless number, half a
            surrogate pair, or too many levels.
    """
    try:
        value = json.loads(text, parse_float=_number, parse_constant=_no_constant)
        json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise unreadable_body("Invalid JSON") from None
    _ensure_shallow(value)
    return value


def parse_form(text: str) -> Fields:
    """Parse a form; ``a[b]=1`` nests, ``a[]=1`` and ``a[0]=1`` make lists."""
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, max_num_fields=_MOST_FORM_FIELDS, errors="strict"
        )
    except ValueError:
        raise unreadable_body("Invalid form") from None
    tree: Fields = {}
    for key, value in pairs:
        _plant(tree, _path(key), value)
    _ensure_shallow(tree)
    return {key: _with_lists(value) for key, value in tree.items()}


async def _read_raw(request: Request) -> bytes:
    """Stop reading as soon as it is too much, whatever Content-Length said."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > _LARGEST_BODY_BYTES:
            raise Refusal(413, "The body is too large", code="invalid_body")
    return raw


def _object(value: Any) -> Fields:
    if not isinstance(value, dict):
        raise unreadable_body("The body must be an object")
    return {key: member for key, member in value.items() if member is not None}


def _number(text: str) -> float | int:
    """Read 1.0 as 1: JavaScript would write it so, and signatures are over what is written."""
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError(text)
    return int(number) if number.is_integer() and abs(number) < _LARGEST_EXACT else number


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _ensure_shallow(value: Any, depth: int = 0) -> None:
    if depth > _DEEPEST:
        raise unreadable_body("The body is nested too deeply")
    if isinstance(value, dict):
        value = value.values()
    elif not isinstance(value, list):
        return
    for member in value:
        _ensure_shallow(member, depth + 1)


def _path(key: str) -> list[str]:
    match = _KEY.fullmatch(key)
    if match is None:
        return [key]
    # More levels than this are refused later; fewer keep the planting cheap.
    return [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])[: _DEEPEST + 1]]


def _plant(tree: Fields, path: list[str], value: str) -> None:
    """The last one wins where two keys want the same place."""
    *branches, leaf = path
    for branch in branches:
        name = branch or str(len(tree))
        below = tree.get(name)
        if not isinstance(below, dict):
            below = tree[name] = {}
        tree = below
    tree[leaf or str(len(tree))] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    members = {key: _with_lists(member) for key, member in value.items()}
    if members and list(members) == [str(i) for i in range(len(members))]:
        return list(members.values())
    return members
