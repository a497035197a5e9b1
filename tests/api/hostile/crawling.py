"""Walks over pages by every link, as a browser would, and looks for texts that became markup."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final
from urllib.parse import urljoin, urlsplit

import httpx

ORIGIN: Final = "https://shop.test"
PASSED: Final = re.compile(r"/(?:docs|redoc|problems|static|openapi\.json)\b")
"""Documents that show none of the shop's data."""

NUMBER: Final = re.compile(r"\d+")


def hostile(number: int) -> str:
    """A text that is markup and an expression of templates; the number tells its field."""
    return f"""x{number}"'></title><img src=x onerror=alert({number})>{{{{7*191}}}}"""


EXPRESSION: Final = "1337"
"""What the expression in a hostile text comes to, were it ever taken for one."""


class Reader(HTMLParser):
    """Collects the links of a page, its text, and what was made of hostile texts in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.words: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name.startswith("on") or (name == "src" and value == "x"):
                self.faults.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action") and value:
                self._follow(tag, name, value)
            elif value:
                self.words.append(value)

    def handle_data(self, data: str) -> None:
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
    """Pages that one visitor has seen, each kind of address at most ``most`` times."""

    api: httpx.Client
    headers: dict[str, str]
    most: int = 3
    paths: list[str] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def from_(self, *starts: str) -> None:
        """Follow every link from there on that stays in the shop."""
        waiting, met, often = list(starts), set(starts), dict[str, int]()
        while waiting:
            path = waiting.pop(0)
            kind = NUMBER.sub("0", path)
            often[kind] = often.get(kind, 0) + 1
            if often[kind] > self.most:
                continue
            for link in self._read(path):
                target = urlsplit(urljoin(ORIGIN + path, link))
                following = target.path + (f"?{target.query}" if target.query else "")
                is_here = f"{target.scheme}://{target.netloc}" == ORIGIN
                if is_here and following not in met and not PASSED.match(following):
                    met.add(following)
                    waiting.append(following)

    def read_html(self, source: str, content: str) -> list[str]:
        """Look at one document; gives its links."""
        reader = Reader()
        reader.feed(content)
        reader.close()
        self.words += reader.words
        faults = [*reader.faults, *([EXPRESSION] if EXPRESSION in content else [])]
        self.faults += [f"{source}: {fault}" for fault in faults]
        return reader.links

    def _read(self, path: str) -> list[str]:
        answer = self.api.get(path, headers={**self.headers, "Accept": "text/html"})
        if not answer.headers.get("content-type", "").startswith("text/html"):
            return []
        self.paths.append(urlsplit(path).path)
        if answer.is_server_error:
            self.faults.append(f"{path}: {answer.status_code}")
        return self.read_html(path, answer.text)
