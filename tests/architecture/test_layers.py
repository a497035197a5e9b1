import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Final, get_type_hints

from app.http.services import Services
from app.models import Base

ROOT = Path(__file__).parents[2]
REPOSITORIES: Final = ROOT / "app" / "repositories"
MODELS: Final = {mapper.class_.__name__ for mapper in Base.registry.mappers}
PARTS: Final = {
    name: frozenset(part.name for part in fields(kind))
    for name, kind in get_type_hints(Services).items()
    if is_dataclass(kind)
}
"""What each service is handed, by the name the service goes by."""

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


class TestLayers:
    def test_are_kept(self) -> None:
        run = lint_imports()

        assert run.returncode == 0, run.stdout
        assert "0 broken" in run.stdout

    def test_would_be_missed(self, tmp_path: Path) -> None:
        contract = tmp_path / "contract.toml"
        contract.write_text(
            "[tool.importlinter]\n"
            'root_package = "app"\n'
            "[[tool.importlinter.contracts]]\n"
            'name = "Services know no domain"\n'
            'type = "forbidden"\n'
            'source_modules = ["app.services"]\n'
            'forbidden_modules = ["app.domain"]\n'
        )

        run = lint_imports("--config", str(contract))

        assert run.returncode == 1, run.stdout
        assert "1 broken" in run.stdout


def values_without_rows(code: str) -> Iterator[str]:
    """Public dataclasses none of whose fields is a row, or some of them."""
    for node in ast.parse(code).body:
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
            continue
        is_value = any("dataclass" in ast.unparse(each) for each in node.decorator_list)
        fields = [each.annotation for each in node.body if isinstance(each, ast.AnnAssign)]
        named = {n.id for f in fields for n in ast.walk(f) if isinstance(n, ast.Name)}
        if is_value and not named & MODELS:
            yield node.name


class TestValues:
    """What services and repositories share is in ``domain/``, unless it holds rows."""

    def test_of_repositories_hold_rows(self) -> None:
        found = {
            f"{file.name}: {name}"
            for file in REPOSITORIES.rglob("*.py")
            for name in values_without_rows(file.read_text(encoding="utf-8"))
        }

        assert not found, "a value without rows belongs in app/domain/"

    def test_would_be_found(self) -> None:
        value = "@dataclass(frozen=True)\nclass Shown:\n    number: int\n"
        of_rows = "@dataclass(frozen=True)\nclass Shown:\n    orders: Sequence[Order]\n"

        assert list(values_without_rows(value)) == ["Shown"]
        assert not list(values_without_rows(of_rows))


def parts_read(source: str) -> list[str]:
    """Where the code reads what a service was handed, as ``orders.database``."""
    return [
        f"{node.value.attr}.{node.attr}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Attribute)
        and node.attr in PARTS.get(node.value.attr, ())
    ]


class TestPartsOfServices:
    def test_are_known(self) -> None:
        assert "database" in PARTS["orders"]

    def test_are_read_by_the_service_alone(self) -> None:
        read = {file: parts_read(file.read_text()) for file in (ROOT / "app").rglob("*.py")}

        assert {str(file.relative_to(ROOT)): found for file, found in read.items() if found} == {}

    def test_would_be_found(self) -> None:
        assert parts_read("services.orders.database.writing()") == ["orders.database"]
        assert parts_read("services.orders.place()") == []
