"""The database goes away while a guest fills in the form, and comes back. Without JavaScript."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.browser.guests.shops import on_sale
from tests.programs.postgres_server import PostgresServer, fresh_database
from tests.programs.servers import Server, running_shop

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

TYPES = [{"name": "Stalls", "ticket_price": 2500, "capacity": 5}]


@dataclass(frozen=True, slots=True)
class Hosts:
    """A shop and its database server."""

    shop: Server
    database: PostgresServer


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    with PostgresServer() as server, fresh_database(server.url, "away") as url:
        database = Database(url)
        migrate(database)
        database.close()
        with running_shop(tmp_path / "shop", {"DATABASE_URL": url}) as shop:
            yield Hosts(shop, server)


class TestDatabaseAway:
    def test_costs_a_guest_nothing_of_what_was_filled_in(
        self, phone_page: Page, hosts: Hosts
    ) -> None:
        phone_page.goto(f"{hosts.shop.url}/e/{on_sale(hosts.shop, TYPES)}")
        phone_page.get_by_label("Name", exact=True).fill("Ada Obi")
        phone_page.get_by_label("E-mail address").fill("ada@example.com")

        hosts.database.stop()
        phone_page.get_by_role("button", name="Get tickets").click()

        expect(phone_page.get_by_text("Please wait")).to_be_visible()
        expect(phone_page.get_by_text("what you filled in is still there")).to_be_visible()

        hosts.database.start()
        phone_page.go_back()
        expect(phone_page.get_by_label("Name", exact=True)).to_have_value("Ada Obi")
        phone_page.get_by_role("button", name="Get tickets").click()
        expect(phone_page.get_by_role("heading", level=1)).to_have_text(
            re.compile("Thank you|Your payment")
        )

    def test_is_a_page_that_looks_again(self, phone_page: Page, hosts: Hosts) -> None:
        event_page = f"{hosts.shop.url}/e/{on_sale(hosts.shop, TYPES)}"

        hosts.database.stop()
        phone_page.goto(event_page)
        expect(phone_page.get_by_role("link", name="Try again")).to_be_visible()

        hosts.database.start()
        expect(phone_page.get_by_role("heading", level=1)).to_have_text("Lagos Jazz Night")
