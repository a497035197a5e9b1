"""Finds the words that people read: in templates, in the code, in refusals."""

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from babel.messages.extract import extract_python
from jinja2.ext import babel_extract

from app.texts.catalogue import OF_REFUSALS

ROOT: Final = Path(__file__).parents[1]
APP: Final = ROOT / "app"
TEMPLATES: Final = (
    APP / "pages" / "templates",
    APP / "clients" / "mail" / "templates",
)
REFUSALS: Final = (
    *sorted((APP / "domain" / "errors").glob("*.py")),
    APP / "http" / "refusals.py",
    APP / "schemas" / "validation_texts.py",
    *sorted((APP / "pages" / "manage").rglob("*.py")),
)
"""Files whose sentences pages show by ``told``."""

RULES: Final = (APP / "schemas" / "base.py", APP / "domain" / "users" / "names.py")
"""Files whose rules pages show beside the fields of forms, as their ``ValueError`` has them."""

FUNCTIONS: Final = ("_", "gettext", "ngettext", "marked")
OPTIONS: Final = {
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "newstyle_gettext": "true",
    "silent": "false",
}


@dataclass(frozen=True, slots=True)
class FoundText:
    """Words, or those for one and for many; ``kind`` says how they are looked up."""

    message: str | tuple[str, str]
    kind: str = ""


def all_texts() -> Sequence[FoundText]:
    """All words, each once."""
    found: dict[str | tuple[str, str], FoundText] = {}
    for text in (*_in_templates(), *_in_code(), *_in_refusals()):
        found.setdefault(text.message, text)
    # In a catalogue, words for one stand for those for many as well.
    plural = {message[0] for message in found if isinstance(message, tuple)}
    return [text for message, text in found.items() if message not in plural]


def templates() -> list[Path]:
    return sorted(file for folder in TEMPLATES for file in folder.iterdir() if file.is_file())


def _in_templates() -> Iterator[FoundText]:
    for file in templates():
        with file.open("rb") as opened:
            for _line, function, message, _comments in babel_extract(
                opened, FUNCTIONS, [], OPTIONS
            ):
                yield _text(function, message)


def _in_code() -> Iterator[FoundText]:
    keywords = dict.fromkeys(FUNCTIONS)
    for file in sorted(APP.rglob("*.py")):
        with file.open("rb") as opened:
            for _line, function, message, _comments in extract_python(opened, keywords, [], {}):
                if any(_strings(message)):
                    yield _text(function, message)


def _text(function: object, message: object) -> FoundText:
    first, *others = _strings(message)
    if function == "ngettext":
        return FoundText((first, others[0]))
    return FoundText(first, OF_REFUSALS if "{" in first else "")


def _strings(message: object) -> list[str]:
    """The arguments of a call that are texts."""
    arguments = message if isinstance(message, tuple | list) else [message]
    return [each for each in arguments if isinstance(each, str)]


def _in_refusals() -> Iterator[FoundText]:
    """The sentences of refusals and rules, with ``{names}`` where they have values."""
    for file in RULES:
        for node in ast.walk(_tree(file)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "ValueError":
                yield from (FoundText(_sentence(each), OF_REFUSALS) for each in node.args)
    for file in REFUSALS:
        tree = _tree(file)
        parts = {id(part) for node in ast.walk(tree) for part in _not_alone(node)}
        for node in ast.walk(tree):
            sentence = "" if id(node) in parts else _sentence(node)
            if sentence.rstrip().endswith(".") and " " in sentence:
                yield FoundText(sentence, OF_REFUSALS)


def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _not_alone(node: ast.AST) -> Sequence[ast.AST]:
    """What is a docstring, or a part of another text."""
    if isinstance(node, ast.Expr):
        return [node.value]
    return node.values if isinstance(node, ast.JoinedStr) else []


def _sentence(node: ast.AST) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return ""
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else f"{{{_name(part, number)}}}"
        for number, part in enumerate(node.values)
    )


def _name(part: ast.expr, number: int) -> str:
    value = part.value if isinstance(part, ast.FormattedValue) else part
    return value.id if isinstance(value, ast.Name) else f"value{number}"
