"""Finds words in templates that are not marked for translation."""

from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Final

from jinja2 import Environment, nodes

from scripts.found_texts import ROOT, templates

READ_ATTRIBUTES: Final = ("alt", "aria-label", "content", "data-label", "placeholder", "title")
UNREAD_TAGS: Final = ("script", "style", "svg")
VALUE: Final = "\u2063"
"""Stands where a template puts a value; it is no letter."""

SYNTAX: Final = Environment(
    autoescape=True, trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.i18n"]
)


def unmarked_words() -> Iterator[str]:
    """Words of templates that are not marked, with where they stand."""
    for file in templates():
        name = file.relative_to(ROOT).as_posix()
        for words in unmarked_in(file.read_text(encoding="utf-8"), file.suffix):
            yield f"{name}: {words!r}"


def unmarked_in(source: str, kind: str = ".html") -> list[str]:
    """Words of a template that are not marked; ``kind``: how its file ends."""
    between = _between_marks(source)
    texts = list(_read(between)) if kind == ".html" else between.split("\n")
    tree = SYNTAX.parse(source)
    for output in tree.find_all(nodes.Output):
        for part in output.nodes:
            texts += _said(part)
    return [" ".join(text.split()) for text in texts if _has_letters(text)]


def _has_letters(text: str) -> bool:
    # Words with a value in them, or an equals sign, are pieces of an address or of a tag.
    words = [word for word in text.split() if VALUE not in word and "=" not in word]
    return any(letter.isalpha() for word in words for letter in word)


def _between_marks(source: str) -> str:
    """The template's own text, without what stands in ``{% trans %}``."""
    made, is_marked, is_block_begin = [], False, False
    for _line, kind, value in SYNTAX.lex(source):
        if is_block_begin and kind == "name":
            is_marked = {"trans": True, "endtrans": False}.get(value, is_marked)
            is_block_begin = False
        if kind == "block_begin":
            is_block_begin = True
        elif kind == "data" and not is_marked:
            made.append(value)
        elif kind == "variable_begin":
            made.append(VALUE)
    return "".join(made)


def _read(html: str) -> Iterator[str]:
    """What people see or hear of a piece of HTML."""
    parser = _Reader()
    parser.feed(html)
    parser.close()
    yield from parser.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._unread = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unread += tag in UNREAD_TAGS
        names = dict(attrs)
        is_described = names.get("name") == "description"
        for name, value in attrs:
            if name in READ_ATTRIBUTES and (name != "content" or is_described):
                self.found.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._unread -= tag in UNREAD_TAGS

    def handle_data(self, data: str) -> None:
        if not self._unread:
            self.found.append(data)


def _said(part: nodes.Node | None) -> Iterator[str]:
    """Words written out in what a template puts in place; ``_("…")`` is marked."""
    if isinstance(part, nodes.Const):
        if isinstance(part.value, str):
            yield part.value
    elif isinstance(part, nodes.Call):
        if not _marks(part):
            for argument in (*part.args, *(each.value for each in part.kwargs)):
                yield from (word for word in _said(argument) if _is_like_words(word))
    else:
        for each in _parts_of(part):
            yield from _said(each)


def _parts_of(part: nodes.Node | None) -> list[nodes.Node | None]:
    """What of an expression may be shown."""
    match part:
        case nodes.CondExpr():
            return [part.expr1, part.expr2]
        case nodes.Concat():
            return list(part.nodes)
        case nodes.Or() | nodes.Add() | nodes.Mod():
            return [part.left, part.right]
        case nodes.Filter() if part.name != "format":
            return [part.node]
    return []


def _marks(call: nodes.Call) -> bool:
    return isinstance(call.node, nodes.Name) and call.node.name in ("_", "gettext", "ngettext")


def _is_like_words(text: str) -> bool:
    """Whether an argument of a macro is for people: ``email`` and ``Etc/UTC`` are none."""
    return " " in text.strip() or (text[:1].isupper() and "/" not in text)
