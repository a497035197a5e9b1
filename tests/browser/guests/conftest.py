"""A shop that sends its mail to a mail server, and one whose database can be stopped."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.database.migrations import migrate
from app.repositories.database import Database
from tests.browser.guests.shops import MailedShop
from tests.clients.mail.mail_servers import Mailbox, serving
from tests.programs.postgres_server import PostgresServer, fresh_database
from tests.programs.servers import Server, running_shop


@dataclass(frozen=True, slots=True)
class Hosts:
    """A shop and its database server."""

    shop: Server
    database: PostgresServer


@pytest.fixture
def mailed_shop(tmp_path: Path) -> Iterator[MailedShop]:
    """A fresh shop, and the mail server that takes its mail over SMTP."""
    box = Mailbox()
    with serving(box) as port:
        settings = {"UNCONFIRMED_PLACES": "20", "SMTP_URL": f"smtp://127.0.0.1:{port}"}
        with running_shop(tmp_path / "shop", settings) as server:
            yield MailedShop(server, box)


@pytest.fixture
def hosts(tmp_path: Path) -> Iterator[Hosts]:
    """A shop, and the PostgreSQL that it alone uses."""
    with PostgresServer() as server, fresh_database(server.url, "away") as url:
        database = Database(url)
        migrate(database)
        database.close()
        with running_shop(tmp_path / "shop", {"DATABASE_URL": url}) as shop:
            yield Hosts(shop, server)
