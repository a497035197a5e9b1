"""No regular expression takes much longer for a hostile text than for a harmless one."""

import ast
import importlib
import pkgutil
import re
import string
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import pytest
from starlette.routing import Route

import app as shop
from app.http.middleware import LONGEST_PATH
from app.pages.all_pages import PAGES
from app.routers.all_routers import ROUTERS

Pattern = re.Pattern[Any]

BYTES: Final = 64 * 1024
SHORT: Final = (32, 4 * 1024)
"""Tried first, so that an exponential or quadratic pattern is found within a second."""

LONGEST_TRIED: Final = 10
"""As many texts of 64 KiB are tried, of those kinds that took longest when they were short."""

TIMES: Final = 120
"""More than any linear pattern needs here, also one that finds something at each character; a
quadratic one takes thousands of times as long."""

CALLS: Final = {"compile", "fullmatch", "match", "search", "sub", "split", "findall", "finditer"}
REFERENCE: Final = re.compile(r"(?:\w|\W)+")
"""Looks at every character and is known to be linear."""

ALPHABET: Final = "aA0 _-:;/.@,=?!\"'\\[](){}|\t\n\x00é\u2028"


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(shop.__path__, "app."):
        # These two start a server's app, or the command line, when they are imported.
        if found.name not in {"app.main", "app.paystack_mock.main", "app.cli.__main__"}:
            yield importlib.import_module(found.name)


def written_in(module: ModuleType) -> Iterator[tuple[str, Pattern]]:
    """Every pattern in the source: compiled, used in place, or given to a field as ``pattern=``."""
    file = module.__file__
    assert file is not None
    tree = ast.parse(Path(file).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for expression, flags in patterns_of(node):
                value = evaluated(expression, module)
                bits = evaluated(flags, module) if flags is not None else 0
                yield f"{module.__name__}:{node.lineno}", re.compile(value, bits)


def patterns_of(call: ast.Call) -> Iterator[tuple[ast.expr, ast.expr | None]]:
    """The expressions of patterns in a call, each with that of its flags."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    if "pattern" in named:
        yield named["pattern"], None
    function = call.func
    if not isinstance(function, ast.Attribute) or function.attr not in CALLS:
        return
    if isinstance(function.value, ast.Name) and function.value.id == "re":
        second = call.args[1] if function.attr == "compile" and len(call.args) > 1 else None
        yield call.args[0], second or named.get("flags")


def evaluated(expression: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(expression), "<pattern>", "eval"), vars(module))


def hostile(pattern: Pattern) -> Iterator[tuple[str, str]]:
    """Beginnings, and what may be repeated after each, that make a careless pattern try again."""
    source = pattern.pattern
    readable = source if isinstance(source, str) else source.decode("latin-1")
    plain = re.sub(r"\\.|\(\?<?[!=:]?", " ", readable)
    words = sorted(set(re.findall(r"[A-Za-z0-9_]{2,8}[:=\-_ ]?|[:/.]{2,4}|/\w+/", plain)))
    for opening in ["", *words]:
        for unit in (*ALPHABET, *words):
            yield opening, unit
            if opening:
                yield "", opening + unit


def written_out(pattern: Pattern, kind: tuple[str, str], length: int) -> Any:
    opening, unit = kind
    text = (opening + unit * length)[:length] + "\x00"
    return text if isinstance(pattern.pattern, str) else text.encode(errors="replace")


def seconds(pattern: Pattern, text: Any) -> float:
    """Time of this thread alone: others on the machine do not count."""
    began = time.thread_time()
    for _ in pattern.finditer(text):
        pass
    return time.thread_time() - began


def base_of(pattern: Pattern, length: int) -> float:
    """Seconds for a harmless text."""
    plain = string.ascii_lowercase * (length // 26)
    harmless: Any = plain if isinstance(pattern.pattern, str) else plain.encode()
    reference = min(seconds(REFERENCE, plain) for _ in range(3))
    return max(seconds(pattern, harmless), reference, 0.0001)


def slowest(pattern: Pattern) -> tuple[float, str]:
    """How many times as long as a harmless text the worst one takes, and how that begins."""
    kinds = list(dict.fromkeys(hostile(pattern)))
    for length in (*SHORT, BYTES):
        base, found = base_of(pattern, length), []
        for kind in kinds:
            text = written_out(pattern, kind, length)
            times = seconds(pattern, text) / base
            if times > TIMES:  # a pause for garbage, or truly slow?
                times = min(seconds(pattern, text) for _ in range(3)) / base
            found.append((times, kind))
            if times > TIMES:
                break
        found.sort(reverse=True)
        kinds = [kind for _, kind in found[:LONGEST_TRIED]] if length == SHORT[-1] else kinds
        if found[0][0] > TIMES:
            break
    times, kind = found[0]
    return times, f"{kind} repeated"


ALL: Final = [found for module in modules() for found in written_in(module)]


class TestPatterns:
    def test_are_found_wherever_they_are_written(self) -> None:
        files = {place.split(":")[0] for place, _ in ALL}

        assert {
            "app.clients.logs",  # compiled
            "app.domain.errors.kinds",  # used in place
            "app.schemas.users.users",  # of a field
            "app.pages.tickets",  # of a path parameter
            "app.paystack_mock.desks.charge_requests",
        } <= files
        assert len(ALL) > 25

    @pytest.mark.slow
    @pytest.mark.parametrize(("place", "pattern"), ALL, ids=[place for place, _ in ALL])
    def test_take_about_as_long_for_a_hostile_text(self, place: str, pattern: Pattern) -> None:
        times, text = slowest(pattern)

        assert times <= TIMES, f"{place}: {pattern.pattern!r} on {text}"

    @pytest.mark.slow
    @pytest.mark.parametrize(
        "careless",
        [
            r"(?<=://)[^/\s\"'@]*:[^/\s\"']*(?=@)",
            r"\beyJ[\w-]+\.[\w-]+\.[\w-]*",
            r"\s+$",
            r"(?:aa?)+b",
        ],
    )
    def test_that_are_quadratic_are_noticed(self, careless: str) -> None:
        times, _ = slowest(re.compile(careless))

        assert times > TIMES

    def test_of_addresses_are_quick_up_to_the_longest_path(self) -> None:
        routes = [each for router in (*PAGES, *ROUTERS) for each in router.routes]
        plain = "/" + "a" * (LONGEST_PATH - 1)
        base = max(seconds(REFERENCE, plain), 0.0001)

        for route in routes:
            assert isinstance(route, Route)
            for kind in hostile(re.compile(re.escape(route.path))):
                text = written_out(route.path_regex, kind, LONGEST_PATH)
                assert seconds(route.path_regex, text) <= base * TIMES, route.path
