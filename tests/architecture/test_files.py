"""Rules about files that no linter knows."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LONGEST = 300
MOST_IN_A_FOLDER = 16
LAYERS_WITH_AREAS = ("routers", "schemas", "services", "repositories", "models")
AREAS = {
    "users",
    "events",
    "orders",
    "payments",
    "tickets",
    "checkin",
    "organizers",
    "operations",
    "admins",
}
FOLDERS = ("app", "tests", "benchmarks", "scripts")  # a migration is as long as its change
READS_ENVIRONMENT = {"environ", "getenv", "putenv", "environb"}
MAY_READ_ENVIRONMENT = (Path("app/config"), Path("app/cli"))
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")

SET_ASIDE = re.compile("# " + "(noqa|type: ignore)")
REASON = re.compile(r"(noqa: [A-Z]+[0-9]+(, [A-Z]+[0-9]+)*|type: ignore\[[a-z, -]+\]) +\S+")

CLOCKS = {"time", "time_ns", "monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
MAY_LOSE_PATIENCE = {Path("tests/steps/waiting.py"), Path("tests/support/racing.py")}
"""They wait for others, who may never come."""


def sources(*folders: str) -> list[Path]:
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return [file.relative_to(ROOT) for file in sorted(files)]


def names_in(file: Path) -> set[str]:
    """Every name and attribute the file uses."""
    nodes = list(ast.walk(ast.parse((ROOT / file).read_text())))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    imported = {
        alias.name for node in nodes if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    return attributes | imported


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
            parts = [part for target in node.targets for part in ast.walk(target)]
            found |= {part.id for part in parts if isinstance(part, ast.Name)}
    return found


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


class TestFiles:
    def test_are_short(self) -> None:
        lengths = {file: len((ROOT / file).read_text().splitlines()) for file in sources(*FOLDERS)}

        assert len(lengths) > 100
        assert {file: length for file, length in lengths.items() if length >= LONGEST} == {}

    def test_of_the_scanner_page_are_short(self) -> None:
        files = [
            *ROOT.glob("app/static/scanner/*.js"),
            *ROOT.glob("app/static/scanner/*.css"),
            *ROOT.glob("app/static/plots/*.js"),
        ]
        lengths = {file.name: len(file.read_text().splitlines()) for file in files}

        assert len(lengths) > 10
        assert {file: length for file, length in lengths.items() if length >= LONGEST} == {}

    def test_in_the_folder_alembic_do_not_shadow_the_library(self) -> None:
        assert not list((ROOT / "alembic").rglob("__init__.py"))

    def test_say_why_a_rule_is_set_aside(self) -> None:
        lines = [
            (str(file), line.strip())
            for file in sources(*FOLDERS, "alembic")
            for line in (ROOT / file).read_text().splitlines()
            if SET_ASIDE.search(line)
        ]

        assert len(lines) > 20
        assert [found for found in lines if not REASON.search(found[1])] == []

    def test_read_the_environment_in_one_place(self) -> None:
        found = {file for file in sources("app", "alembic") if names_in(file) & READS_ENVIRONMENT}

        assert [
            file for file in found if not any(file.is_relative_to(p) for p in MAY_READ_ENVIRONMENT)
        ] == []

    def test_of_a_noun_are_in_the_same_area_of_every_layer(self) -> None:
        areas: dict[str, set[str]] = {}
        for layer in LAYERS_WITH_AREAS:
            for file in sources(f"app/{layer}"):
                area, name = file.parts[2], file.stem
                if area in AREAS and name != "__init__":
                    areas.setdefault(name, set()).add(area)

        assert len(areas) > 50
        assert {name: found for name, found in areas.items() if len(found) > 1} == {}

    @pytest.mark.parametrize("noun", ["events", "orders", "payments", "tickets", "users"])
    def test_of_the_main_nouns_are_in_every_layer(self, noun: str) -> None:
        for layer in LAYERS_WITH_AREAS:
            assert (ROOT / "app" / layer / noun / f"{noun}.py").is_file(), layer

    def test_are_few_in_each_folder(self) -> None:
        numbers = Counter(file.parent for file in sources("app", "tests"))

        assert len(numbers) > 50
        assert {
            str(folder): number for folder, number in numbers.items() if number > MOST_IN_A_FOLDER
        } == {}


class TestRequirements:
    @pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
    def test_are_pinned_with_hashes(self, name: str) -> None:
        text = (ROOT / name).read_text().replace("\\\n", " ")
        lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]

        packages = [line for line in lines if not line.startswith(("-r ", "-c "))]

        assert packages
        for line in packages:
            assert re.match(r"[A-Za-z0-9._\[\]-]+==[^\s;]+", line), line
            assert HASH.search(line), line

    def test_for_running_are_the_same_in_both(self) -> None:
        pins = [
            dict(re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==(\S+)", text, re.MULTILINE))
            for text in (
                (ROOT / name).read_text() for name in ("requirements.txt", "requirements-dev.txt")
            )
        ]
        runtime, development = pins

        assert runtime.items() <= development.items()


class TestDecisions:
    def test_have_numbers_of_their_own_that_their_titles_say(self) -> None:
        records = sorted((ROOT / "docs" / "decisions").glob("*.md"))
        numbers = [record.name[:4] for record in records]

        assert len(numbers) > 20
        assert len(set(numbers)) == len(numbers)
        for record, number in zip(records, numbers, strict=True):
            assert record.read_text().startswith(f"# {number}. "), record.name


class TestAssertions:
    """That something took no longer than so long: a busy machine would fail it."""

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
