"""No test asserts that something took no longer than so long: a busy machine would fail it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLOCKS = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
MAY_LOSE_PATIENCE = {Path("tests/steps/waiting.py"), Path("tests/support/racing.py")}
"""They wait for others, who may never come."""


def reads_clock(node: ast.AST, names: set[str]) -> bool:
    """Whether it is, or is made of, what a clock said or one of these variables."""
    return any(
        (isinstance(part, ast.Name) and part.id in names)
        or (isinstance(part, ast.Attribute) and part.attr == "elapsed")
        or (
            isinstance(part, ast.Call)
            and isinstance(part.func, ast.Attribute)
            and ast.unparse(part.func.value) == "time"
            and part.func.attr in CLOCKS
        )
        for part in ast.walk(node)
    )


def moments(function: ast.AST) -> set[str]:
    """The variables that hold what a clock said, or are computed from it."""
    found: set[str] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and reads_clock(node.value, found):
            found |= {name.id for each in node.targets for name in names_in(each)}
    return found


def names_in(target: ast.AST) -> list[ast.Name]:
    return [part for part in ast.walk(target) if isinstance(part, ast.Name)]


def bounded_from_above(test: ast.AST) -> Iterator[ast.AST]:
    """What it asserts to be less than something."""
    for compared in (part for part in ast.walk(test) if isinstance(part, ast.Compare)):
        sides = [compared.left, *compared.comparators]
        for left, operator, right in zip(sides, compared.ops, sides[1:], strict=False):
            if isinstance(operator, ast.Lt | ast.LtE):
                yield left
            if isinstance(operator, ast.Gt | ast.GtE):
                yield right


def hurried(source: str) -> list[str]:
    """The assertions in it that something took no longer than so long."""
    return [
        ast.unparse(node)
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Assert)
        and any(reads_clock(each, moments(function)) for each in bounded_from_above(node.test))
    ]


class TestAssertions:
    def test_on_wall_time_there_are_none(self) -> None:
        files = {file.relative_to(ROOT) for file in (ROOT / "tests").rglob("*.py")}

        assert files > MAY_LOSE_PATIENCE
        found = {
            str(file): hurried((ROOT / file).read_text())
            for file in sorted(files - MAY_LOSE_PATIENCE)
        }
        assert {file: asserted for file, asserted in found.items() if asserted} == {}

    @pytest.mark.parametrize(
        "body",
        [
            "began = time.monotonic(); work(); assert time.monotonic() - began < 2",
            "began = time.perf_counter(); took = time.perf_counter() - began; assert took <= 1",
            "began, _ = time.time(), 1; assert 1 > time.time() - began",
            "assert http.get('/').elapsed.total_seconds() < 1",
            "assert 0 < http.get('/').elapsed.total_seconds() < 1",
        ],
    )
    def test_on_wall_time_are_noticed(self, body: str) -> None:
        assert len(hurried(f"def test(): {body}")) == 1

    @pytest.mark.parametrize(
        "body",
        [
            "assert http.get('/').elapsed > SHORTER",  # true also on a busy machine
            "began = time.thread_time(); assert time.thread_time() - began < 2",
            "now = clock.now(); assert now < later",
        ],
    )
    def test_on_other_times_are_let_be(self, body: str) -> None:
        assert hurried(f"def test(): {body}") == []
