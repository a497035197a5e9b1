"""A PgBouncer for the tests, in transaction mode, between them and a PostgreSQL.

It is looked for on the ``PATH``; where it is missing, tests are skipped, or fail if
``REQUIRE_PGBOUNCER=1``. It keeps few connections, so that clients share them.
"""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import psycopg
import pytest
from sqlalchemy import make_url

from tests.programs.postgres_programs import UNPRIVILEGED, identity
from tests.programs.postgres_server import PATIENCE, connect

SERVER_CONNECTIONS: Final = 3
PORT: Final = 6432

CONFIGURATION: Final = """
[databases]
{name} = host={host} port={port} user={user} dbname={name}
[pgbouncer]
listen_addr =
listen_port = {own_port}
unix_socket_dir = {folder}
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
max_client_conn = 500
server_lifetime = 600
"""


def find_pgbouncer() -> str:
    """The program; without one the test is skipped, or fails where ``REQUIRE_PGBOUNCER=1``."""
    found = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if found is not None:
        return found
    message = "PgBouncer is not installed"
    if os.environ.get("REQUIRE_PGBOUNCER") == "1":
        pytest.fail(message)
    pytest.skip(message)


@contextmanager
def pooled(url: str) -> Iterator[str]:
    """The URL of the same database behind a PgBouncer, for the length of the block."""
    program, direct = find_pgbouncer(), make_url(url)
    folder = Path(tempfile.mkdtemp(prefix="tickets-pgb-"))
    file = folder / "pgbouncer.ini"
    file.write_text(
        CONFIGURATION.format(
            name=direct.database,
            host=direct.query.get("host") or direct.host,
            port=direct.port or 5432,
            user=direct.username or "postgres",
            own_port=PORT,
            folder=folder,
            connections=SERVER_CONNECTIONS,
        )
    )
    if os.geteuid() == 0:
        shutil.chown(folder, UNPRIVILEGED)
        shutil.chown(file, UNPRIVILEGED)
    through = direct.set(host=None, port=PORT, query={"host": str(folder)})
    address = through.render_as_string(hide_password=False)
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [program, file], stdout=log, stderr=log, cwd=folder, **identity()
        )
    try:
        _wait_until_it_answers(address, process, folder)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE.total_seconds())
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(url: str, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE.total_seconds()
    while time.monotonic() < deadline and process.poll() is None:
        with suppress(psycopg.OperationalError), connect(url):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PgBouncer did not start:\n{(folder / 'log').read_text()[-2000:]}")
