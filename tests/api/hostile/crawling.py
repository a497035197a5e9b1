"""Walks over pages by every link, as a browser would, and looks for texts that became markup."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

from tests.api.hostile.files import READERS

ORIGIN: Final = "https://shop.test"
PASSED: Final = re.compile(r"/(?:docs|redoc|problems|static|openapi\.json)\b")
"""Documents that show none of the shop's data."""

NUMBER: Final = re.compile(r"\d+")

EXPRESSION: Final = "1337"
"""What the expression in a hostile text comes to, were it ever taken for one."""

JSON_LD: Final = "application/ld+json"


class Reader(HTMLParser):
    """Collects the links of a page, its text, and what was made of hostile texts in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.words: list[str] = []
        self.faults: list[str] = []
        self._is_data = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_data = tag == "script" and dict(attrs).get("type") == JSON_LD
        if "-" in tag:
            self.faults.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith("on") or (name == "src" and value == "x"):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action") and value:
                self._follow(tag, name, value)
            elif value:
                self.words.append(value)

    def handle_data(self, data: str) -> None:
        if self._is_data:
            self._is_data = False
            try:
                self.words += texts_in(json.loads(data))
            except ValueError:
                self.faults.append(f"no JSON: {data}")
        self.words.append(data)

    def handle_comment(self, data: str) -> None:
        self.faults.append(f"<!--{data}-->")

    def _follow(self, tag: str, name: str, value: str) -> None:
        if urlsplit(value).scheme not in ("", "http", "https", "mailto", "data", "cid"):
            self.faults.append(f"<{tag} {name}={value!r}>")
        if (tag, name) == ("a", "href"):
            self.links.append(value)


@dataclass
class Walk:
    """Pages and files that visitors have seen, each kind of address at most ``most`` times each."""

    api: httpx.Client
    headers: Mapping[str, str]
    most: int = 3
    visited: dict[str, Mapping[str, str]] = field(default_factory=dict)
    """Paths that were served, each with the headers of a visitor whom it was served to."""
    words: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def from_(self, *starts: str) -> None:
        """Open these pages, and follow every link from there on that stays in the shop."""
        waiting, met, often = list(starts), set(starts), dict[str, int]()
        while waiting:
            path = waiting.pop(0)
            kind = NUMBER.sub("0", path)
            often[kind] = often.get(kind, 0) + 1
            if often[kind] > self.most and path not in starts:
                continue
            for link in self.read(path):
                target = urlsplit(urljoin(ORIGIN + path, link))
                following = target.path + (f"?{target.query}" if target.query else "")
                is_here = f"{target.scheme}://{target.netloc}" == ORIGIN
                if is_here and following not in met and not PASSED.match(following):
                    met.add(following)
                    waiting.append(following)

    def read(self, path: str) -> list[str]:
        """Open a page or a file and look at it; gives the links of a page."""
        answer = self.api.get(path, headers={**self.headers, "Accept": "text/html"})
        if answer.is_server_error:
            self.faults.append(f"{path}: {answer.status_code}")
        if answer.is_success:
            self.visited[urlsplit(path).path] = self.headers
        media_type = answer.headers.get("content-type", "").partition(";")[0]
        if media_type == "text/html":
            return self.read_html(path, answer.text)
        if media_type in READERS:
            words, faults = READERS[media_type](answer.content)
            self.words += words
            self.faults += [f"{path}: {fault}" for fault in faults]
        return []

    def read_html(self, source: str, content: str) -> list[str]:
        """Look at one document; gives its links."""
        reader = Reader()
        reader.feed(content)
        reader.close()
        self.words += reader.words
        faults = [*reader.faults, *([EXPRESSION] if EXPRESSION in content else [])]
        self.faults += [f"{source}: {fault}" for fault in faults]
        return reader.links


def texts_in(data: object) -> list[str]:
    """Every text in a JSON document."""
    match data:
        case str():
            return [data]
        case dict():
            return [text for value in data.values() for text in texts_in(value)]
        case list():
            return [text for value in data for text in texts_in(value)]
    return []
