"""A host that vanishes in mid-transaction, shown with a network that is cut off.

Needs root on Linux and the program ``ip``; elsewhere it is skipped, or fails where
``REQUIRE_NETNS=1``.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from app.repositories.database import Database, translated
from tests.programs.postgres_server import PostgresServer, connect, fresh_database
from tests.support.racing import until

pytestmark = [pytest.mark.postgresql, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
HERE, THERE = "10.231.77.1", "10.231.77.2"

HOT = "UPDATE hot SET held = held + 1 WHERE id = 1"

# A host whose transaction has locked the row and goes on in a moment.
HOST = f"""
import sys, time
from datetime import timedelta
from sqlalchemy import text
from app.repositories.database import Database
from app.database.postgresql import Limits
limits = Limits(statement=timedelta(seconds=2), idle=timedelta(seconds=3))
database = Database(sys.argv[1], limits=limits)
with database.engine.begin() as connection:
    connection.execute(text("{HOT}"))
    time.sleep(600)
"""

HOLDS = """
SELECT count(*) FROM pg_stat_activity
WHERE state = 'idle in transaction' AND query LIKE 'UPDATE hot%'
"""


@dataclass(frozen=True)
class Cable:
    """A network of two hosts: this machine, and one that has nothing but a cable to it."""

    namespace: str
    end: str

    def __call__(self, *words: str) -> None:
        subprocess.run(["ip", *words], check=True, capture_output=True, text=True)

    def there(self, *command: str) -> "subprocess.Popen[bytes]":
        """Run a program on the other host."""
        return subprocess.Popen(["ip", "netns", "exec", self.namespace, *command], cwd=ROOT)

    def cut(self) -> None:
        """From now on nothing arrives, and no error is told."""
        self("link", "set", self.end, "down")


@pytest.fixture
def cable() -> Iterator[Cable]:
    name = f"tck{os.getpid()}"
    cable = Cable(name, f"{name}a")
    try:
        if shutil.which("ip") is None:
            raise FileNotFoundError("ip")
        cable("netns", "add", name)
    except (OSError, subprocess.CalledProcessError) as error:
        message = f"network namespaces cannot be made here: {error}"
        if os.environ.get("REQUIRE_NETNS") == "1":
            pytest.fail(message)
        pytest.skip(message)
    try:
        cable("link", "add", cable.end, "type", "veth", "peer", "name", f"{name}b")
        cable("link", "set", f"{name}b", "netns", name)
        cable("addr", "add", f"{HERE}/30", "dev", cable.end)
        cable("link", "set", cable.end, "up")
        cable("netns", "exec", name, "ip", "addr", "add", f"{THERE}/30", "dev", f"{name}b")
        cable("netns", "exec", name, "ip", "link", "set", f"{name}b", "up")
        yield cable
    finally:
        cable("netns", "delete", name)


class TestVanishedHost:
    def test_keeps_the_hot_row_for_the_idle_limit_only(self, cable: Cable) -> None:
        with (
            PostgresServer(listen=HERE) as server,
            fresh_database(server.url, "vanished") as url,
            connect(url) as admin,
        ):
            admin.execute("CREATE TABLE hot (id int PRIMARY KEY, held int NOT NULL)")
            admin.execute("INSERT INTO hot VALUES (1, 0)")
            reached = make_url(url).set(host=HERE, port=5432, query={})
            address = reached.render_as_string(hide_password=False)
            with cable.there(sys.executable, "-c", HOST, address) as host:
                until(lambda: admin.execute(HOLDS).fetchone() == (1,))

                cable.cut()
                try:
                    self._hold(url)
                finally:
                    host.kill()

            assert "terminating connection due to idle-in-transaction timeout" in server.log

    def _hold(self, url: str) -> None:
        """Get the row as another host does: its statement waits for as long as it takes."""
        database = Database(url)
        with translated(), database.engines.migrating.begin() as connection:
            connection.execute(text(HOT))
        database.close()
