"""The shop below a path of another site, behind proxies that take the path off or leave it."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from tests.programs.proxies import proxy_below
from tests.programs.servers import free_port, running_shop
from tests.steps.waiting import eventually
from tests.wiring.customers import EVENT

pytestmark = pytest.mark.slow

BELOW = "/site/shop"
LINKS = re.compile(r'(?:href|src|action|spec-url|data-openapi-url)="([^"]+)"')


@dataclass
class Site:
    address: str
    client: httpx.Client
    folder: Path
    is_told: bool
    """Whether the settings name the address; mails are written without a call that could."""

    def links_of(self, page: httpx.Response) -> list[str]:
        """The addresses on a page that are the shop's own."""
        found = [urljoin(str(page.url), link) for link in LINKS.findall(page.text)]
        ours = [link for link in found if urlsplit(link).hostname == "127.0.0.1"]
        assert all(link.startswith(f"{self.address}/") for link in ours), ours
        return ours


@pytest.fixture(
    scope="module",
    params=[
        ("PUBLIC_URL", True),
        ("PUBLIC_URL", False),
        ("--root-path", True),
    ],
    ids=lambda how: f"{how[0]}-{'stripping' if how[1] else 'passing'}",
)
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    said_by, strips = request.param
    folder = tmp_path_factory.mktemp("site")
    port = free_port()
    settings = {"LOG_LEVEL": "WARNING"}
    if said_by == "PUBLIC_URL":
        settings["PUBLIC_URL"] = f"http://127.0.0.1:{port}{BELOW}"
    flags = () if said_by == "PUBLIC_URL" else ("--root-path", BELOW)
    with (
        running_shop(folder, settings, flags=flags) as shop,
        proxy_below(BELOW, shop=shop.url, port=port, strips=strips) as address,
        httpx.Client(base_url=address, trust_env=False, timeout=30) as client,
    ):
        yield Site(address, client, folder, "PUBLIC_URL" in settings)


@pytest.fixture(scope="module")
def token(site: Site) -> dict[str, str]:
    account = {"username": "ada", "password": "password123"}
    made = site.client.post("/users/", json={**account, "email": "ada@example.com"})
    assert made.status_code == 201
    token = site.client.post("/token", data=account).json()["access_token"]
    for number in range(3):
        body = {**EVENT, "title": f"Event {number}"}
        headers = {"Authorization": f"Bearer {token}"} if number else {}
        assert site.client.post("/events/", json=body, headers=headers).status_code == 201
    return {"Authorization": f"Bearer {token}"}


def opened(link: str) -> httpx.Response:
    """What a browser shows that follows the link."""
    return httpx.get(link, follow_redirects=True, trust_env=False, timeout=60)


class TestPathPrefix:
    def test_leads_from_the_start_to_the_docs_and_all_they_load(self, site: Site) -> None:
        start = site.client.get("/", follow_redirects=True)

        for page in (start, site.client.get("/redoc")):
            links = site.links_of(page)
            assert len(links) >= 3
            for link in links:
                assert opened(link).status_code == 200, link

    def test_is_in_the_description(self, site: Site) -> None:
        description = site.client.get("/openapi.json").json()

        assert description["servers"][0]["url"] == BELOW

    def test_is_in_links_of_lists_and_in_refusals(self, site: Site, token: dict[str, str]) -> None:
        titles: list[str] = []
        link = "/events/?limit=1"
        while link:
            page = site.client.get(link) if not titles else httpx.get(link, trust_env=False)
            titles += [event["title"] for event in page.json()]
            following = page.links.get("next", {}).get("url")
            link = urljoin(str(page.url), following) if following else ""

        refusal = site.client.get("/events/99").json()
        assert len(titles) == 3
        assert refusal["type"] == f"{BELOW}/problems/event-not-found"
        assert refusal["instance"] == f"{BELOW}/events/99"
        assert site.client.put("/events").headers["allow"] == "GET, HEAD, POST"

    def test_holds_from_buying_to_the_ticket(self, site: Site, token: dict[str, str]) -> None:
        paid = site.client.post("/payments/pay", json={"event_id": 1}, headers=token).json()
        assert paid["authorization_url"].startswith(f"{site.address}/")
        checkout = httpx.get(paid["authorization_url"], trust_env=False)
        assert checkout.status_code == 200

        back = re.search(r'href="([^"]*callback[^"]*)"', checkout.text)
        assert back is not None, checkout.text
        address = back[1].replace("&amp;", "&")
        assert address.startswith(f"{site.address}/payments/callback")
        result = httpx.get(address, trust_env=False)

        (ticket,) = (link for link in site.links_of(result) if "/t/" in link)
        shown = httpx.get(ticket, trust_env=False)
        assert shown.status_code == 200
        for link in site.links_of(shown):
            assert opened(link).status_code == 200, link

    def test_holds_for_the_scanner(self, site: Site, token: dict[str, str]) -> None:
        made = site.client.post("/events/2/devices", json={"name": "Phone"}, headers=token)
        link = made.json()["enrolment"]["url"]
        assert link.startswith(f"{site.address}/scan#enrol=")

        page = httpx.get(link, trust_env=False)
        worker = site.client.get("/scan/sw.js")
        release = json.loads(worker.text.splitlines()[0].removeprefix("const RELEASE = ")[:-1])
        manifest = site.client.get("/scan/app.webmanifest").json()

        assert worker.headers["service-worker-allowed"] == f"{BELOW}/scan" == release["page"]
        assert manifest["start_url"] == manifest["scope"] == f"{BELOW}/scan"
        loaded = [*site.links_of(page), *(urljoin(site.address, f) for f in release["files"])]
        loaded += [urljoin(site.address, icon["src"]) for icon in manifest["icons"]]
        for address in loaded:
            assert address.startswith(f"{site.address}/")
            assert opened(address).status_code == 200, address

    def test_is_in_mails_where_the_settings_tell_it(
        self, site: Site, token: dict[str, str]
    ) -> None:
        files = eventually(lambda: list((site.folder / "var" / "mail").glob("*.eml")))
        link = f"{site.address}/account/confirm?token="

        texts = [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]
        bodies = [str(text.get_body(("plain",))) for text in texts]
        assert any(link in body for body in bodies) == site.is_told
