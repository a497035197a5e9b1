"""In which language people read a page: what they chose, else what their browser asks for."""

import re
from collections.abc import Iterator
from contextvars import ContextVar
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qsl, urlencode

from fastapi import Response
from starlette.datastructures import Headers
from starlette.types import Scope

from app.domain.languages import Language, language_of

PARAMETER: Final = "lang"
COOKIE: Final = "lang"
KEPT_FOR: Final = 365 * 24 * 3600
"""Seconds a browser remembers what was chosen."""

LONGEST_HEADER: Final = 1000
"""Characters of ``Accept-Language`` that are read; browsers send up to about a hundred."""

LONGEST_QUERY: Final = 2000
"""Characters of a query that links to the same page repeat."""

_RANGE: Final = re.compile(
    r"([A-Za-z]{1,8}|\*)(?:-[A-Za-z0-9]{1,8}){0,8}[ \t]*"
    r"(?:;[ \t]*[qQ]=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?))?"
)
NAMES: Final = {Language.ENGLISH: "English", Language.FRENCH: "Français"}
"""Each in its own words."""

CALL: Final = ContextVar[Scope | None]("call", default=None)
"""The present call, for pages, which are made far from it."""


def language_asked(scope: Scope) -> Language:
    """The language to answer in: of ``?lang=``, of the cookie, of the browser, of the shop."""
    known: Language | None = scope.get("shop.language")
    if known is None:
        default: Language = scope["app"].state.default_language
        known = chosen_language(scope) or accepted_language(
            Headers(scope=scope).get("accept-language", ""), default=default
        )
        scope["shop.language"] = known
    return known


def chosen_language(scope: Scope) -> Language | None:
    """What the reader chose, now or before; ``None``: nothing yet."""
    return _in_query(scope) or _in_cookie(scope)


def accepted_language(header: str, *, default: Language) -> Language:
    """The language ``Accept-Language`` likes best (RFC 9110, 12.5.4); the first one on a draw."""
    named: dict[Language, float] = {}
    others = 0.0
    for code, quality in _ranges(header[:LONGEST_HEADER]):
        found = language_of(code)
        if code == "*":
            others = quality
        elif found is not None:
            named[found] = max(quality, named.get(found, 0.0))
    best = max([*named, default, *Language], key=lambda each: named.get(each, others))
    return best if named.get(best, others) else default


def _ranges(header: str) -> Iterator[tuple[str, float]]:
    """The languages named, with how much each is liked; what makes no sense is left out."""
    for part in header.split(","):
        found = _RANGE.fullmatch(part.strip(" \t"))
        if found is not None:
            yield found[1].lower(), float(found[2] or "1")


def speak_to_reader(answer: Response) -> None:
    """Tell of an answer's language, and have the browser keep one that was chosen now."""
    scope = CALL.get()
    if scope is None:
        return
    answer.headers["Content-Language"] = language_asked(scope)
    answer.headers.add_vary_header("Accept-Language")
    answer.headers.add_vary_header("Cookie")
    chosen = _in_query(scope)
    if chosen is not None and chosen is not _in_cookie(scope):
        answer.set_cookie(
            COOKIE,
            chosen,
            max_age=KEPT_FOR,
            path="/",
            secure=_is_secure(scope),
            httponly=True,
            samesite="lax",
        )


def other_languages() -> list[tuple[Language, str, str]]:
    """The page in the other languages: code, name and where. None for what a form was sent to."""
    scope = CALL.get()
    if scope is None or scope["method"] != "GET":
        return []
    text = scope["query_string"].decode("latin-1")
    fields = parse_qsl(text) if len(text) <= LONGEST_QUERY else []
    kept = [(name, value) for name, value in fields if name != PARAMETER]
    here = language_asked(scope)
    return [
        (each, name, "?" + urlencode([*kept, (PARAMETER, each.value)], errors="replace"))
        for each, name in NAMES.items()
        if each is not here
    ]


def chosen_in_query(scope: Scope) -> str:
    """The query to pass on to the next page if the reader chose a language with this one."""
    chosen = _in_query(scope)
    return f"?{PARAMETER}={chosen}" if chosen else ""


def _in_query(scope: Scope) -> Language | None:
    query: bytes = scope["query_string"]
    if f"{PARAMETER}=".encode() not in query:
        return None
    found = [value for name, value in parse_qsl(query.decode("latin-1")) if name == PARAMETER]
    return language_of(found[-1]) if found else None


def _in_cookie(scope: Scope) -> Language | None:
    text = Headers(scope=scope).get("cookie", "")
    if f"{COOKIE}=" not in text:
        return None
    try:
        cookie = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return None
    return language_of(cookie.value) if cookie is not None else None


def _is_secure(scope: Scope) -> bool:
    public_url: str | None = scope["app"].state.public_url
    return (public_url or "").startswith("https://")
