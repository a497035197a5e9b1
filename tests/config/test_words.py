"""The guides and the docstrings of use cases keep to the trade's terms and to simple English."""

import ast
import re
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
AVOIDED: Final = re.compile(
    r"\b(whoever|whomever|somebody|nobody|meanwhile|by itself|who may|who comes|tidying|"
    r"hand(?:s|ed|ing) (?:it )?on|lets? (?:\w+ )?in)\b",
    re.IGNORECASE,
)
"""For each of them there is a plainer word, or a term of the trade."""
GUIDES: Final = (*("door.md", "architecture.md"), "guide/*.md")
LINK: Final = re.compile(r"\]\([^)]*\)")


def texts() -> dict[str, str]:
    """Every document and docstring that is held, by where it stands."""
    found = {}
    for pattern in GUIDES:
        for file in (ROOT / "docs").glob(pattern):
            for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
                found[f"{file.name}:{number}"] = LINK.sub("]", line)
    for file in (ROOT / "app" / "services").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                told = ast.get_docstring(node) or ""
                found[f"{file.name}: {getattr(node, 'name', 'its docstring')}"] = told
    return found


class TestWords:
    def test_are_those_of_the_trade(self) -> None:
        held = texts()

        assert len(held) > 1000
        assert [f"{where}: {text}" for where, text in held.items() if AVOIDED.search(text)] == []
