"""A person at a browser: sends the forms that pages show, and keeps cookies."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Final

import httpx

from tests.support.factories import PASSWORD

CSRF: Final = re.compile(r'name="csrf" value="([0-9a-f]{64})"')
ACCOUNT: Final = re.compile(r'name="account" value="([0-9]+)"')
TAGS: Final = re.compile(r"<(script|style|svg).*?</\1>|<[^>]*>", re.DOTALL)
HTML: Final = {"Accept": "text/html"}


@dataclass
class Visitor:
    """A browser in front of the shop, with cookies of its own."""

    api: httpx.Client
    cookies: dict[str, str] = field(default_factory=dict)
    csrf: str = ""
    account: str = ""

    def open(self, path: str, status: int = 200) -> str:
        """The page, from which the proof for its forms is taken."""
        return self._shown(self.api.get(path, headers=self.headers), status)

    def get(self, path: str) -> httpx.Response:
        """What a link downloads."""
        return self.api.get(path, headers=self.headers).raise_for_status()

    def post(self, path: str, status: int = 303, /, **fields: str) -> httpx.Response:
        """Send a form with the proof of the page that was opened last."""
        answer = self.api.post(path, data={**self.proof, **fields}, headers=self.headers)
        return self._kept(answer, status)

    def send_file(
        self, path: str, name: str, content: bytes, status: int = 303, /, **fields: str
    ) -> httpx.Response:
        """Send a form with a file, which has a name and a type that mean nothing."""
        files = {name: ("../x.html", content, "text/html")}
        sent = {**self.proof, **fields}
        answer = self.api.post(path, data=sent, files=files, headers=self.headers)
        return self._kept(answer, status)

    def _kept(self, answer: httpx.Response, status: int) -> httpx.Response:
        assert answer.status_code == status, answer.text
        for header in answer.headers.get_list("set-cookie"):
            name, _, value = header.split(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer

    def sign_in(self, name: str, password: str = PASSWORD) -> httpx.Response:
        """Sign in, and take the proof for forms."""
        answer = self.post("/sign-in", username=name, password=password)
        self.open("/account/sessions")
        return answer

    @property
    def proof(self) -> dict[str, str]:
        """What each form of the page that was opened last has."""
        return {"csrf": self.csrf, "account": self.account}

    @property
    def headers(self) -> dict[str, str]:
        self.api.cookies.clear()  # several people share the client
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {**HTML, "Cookie": cookies} if cookies else HTML

    def _shown(self, answer: httpx.Response, status: int) -> str:
        assert answer.status_code == status, answer.text
        found = CSRF.search(answer.text)
        self.csrf = found.group(1) if found else self.csrf
        whose = ACCOUNT.search(answer.text)
        self.account = whose.group(1) if whose else self.account
        return answer.text


def words_of(page: str) -> str:
    """What a person reads of the page, in one line."""
    return " ".join(unescape(TAGS.sub(" ", page)).split())


def value_of(page: str, name: str) -> str:
    """What stands in a field of the page's form."""
    found = re.search(rf'<input id="{name}"[^>]* value="([^"]*)"', page)
    assert found is not None, name
    return unescape(found.group(1))


def hidden_in(page: str, name: str) -> str:
    """What stands in a field that the page's form does not show."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]+)"', page)
    assert found is not None, name
    return unescape(found.group(1))


def mistake_at(page: str, name: str) -> str:
    """What is told beside a field that was refused."""
    assert re.search(rf'id="{name}"[^>]*aria-describedby="{name}-error', page), page
    found = re.search(rf'id="{name}-error">([^<]*)<', page)
    assert found is not None, page
    return unescape(found.group(1))
