"""Real servers for tests and benchmarks: the shop or the provider simulator, run by uvicorn.

Each runs as its own process in a folder of its own, with the given environment and no other
settings, on a free port of this machine's loopback, and is gone when its block ends::

    with running_shop(tmp_path, {"HOLD_FOR": "60"}, workers=2) as shop, shop.client() as http:
        http.get("/events/")
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx

from app.http.protocol import SERVER_FLAGS
from tests.programs.migrated_files import lay_out
from tests.programs.processes import Process, Program, forked, started_anew

ROOT: Final = Path(__file__).parents[2]
START_LIMIT: Final = timedelta(seconds=60)
STOP_LIMIT: Final = timedelta(seconds=30)
ANSWER_LIMIT: Final = timedelta(seconds=30)

IDLE_LIMIT: Final = timedelta(seconds=2)
"""How long an idle connection is used again: less than uvicorn's 5 s, or both ends would race."""

SHOP: Final = "app.main:app"
MOCK: Final = "app.paystack_mock.main:app"

# What a program needs from the machine it runs on; everything else would be a setting.
KEPT: Final = ("PATH", "HOME", "TMPDIR", "LANG", "LC_ALL", "SYSTEMROOT")


class ServerDied(RuntimeError):
    """The server ended before it answered; the text ends with its log."""


@dataclass
class Server:
    """A running server. What it prints is in ``log``."""

    process: Process
    port: int
    folder: Path
    log_file: Path
    stop_limit: timedelta = field(default=STOP_LIMIT)

    @property
    def url(self) -> str:
        """Its origin, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def client(
        self,
        *,
        timeout: timedelta = ANSWER_LIMIT,
        transport: httpx.BaseTransport | None = None,
    ) -> httpx.Client:
        """A client of this server, which some threads may share; it retries nothing.

        Args:
            timeout: of connecting, and of each wait for bytes.
            transport: of its calls; without one, up to a hundred connections, and no proxy.
        """
        return httpx.Client(
            base_url=self.url,
            timeout=timeout.total_seconds(),
            limits=httpx.Limits(keepalive_expiry=IDLE_LIMIT.total_seconds(), max_connections=100),
            transport=transport,
            trust_env=False,
        )

    def wait_until_it_answers(self, path: str, *, within: timedelta) -> None:
        """Ask until anything but a 5xx comes back.

        Raises:
            ServerDied: it ended instead, or did not answer in time.
        """
        deadline = time.monotonic() + within.total_seconds()
        with httpx.Client(base_url=self.url, timeout=5, trust_env=False) as client:
            while time.monotonic() < deadline:
                if (code := self.process.poll()) is not None:
                    raise ServerDied(f"exit code {code}\n{self.log[-4000:]}")
                with suppress(httpx.HTTPError):
                    if not client.get(path).is_server_error:
                        return
                time.sleep(0.05)
        raise ServerDied(f"no answer at {self.url}{path} within {within}\n{self.log[-4000:]}")

    def terminate(self) -> None:
        """Ask it to stop (SIGTERM), without waiting."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)

    def wait(self) -> int:
        """Wait until it has ended; give its exit code.

        Raises:
            subprocess.TimeoutExpired: it has not within ``stop_limit``.
        """
        return self.process.wait(self.stop_limit.total_seconds())

    def stop(self) -> int:
        """Stop in order: calls in flight are answered first. Gives the exit code.

        Raises:
            subprocess.TimeoutExpired: it did not end within ``stop_limit``, and was killed.
        """
        self.terminate()
        try:
            return self.wait()
        finally:
            self.kill()

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """In this block it takes calls and answers none; what it took it does afterwards."""
        os.killpg(self.process.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.killpg(self.process.pid, signal.SIGCONT)

    def kill(self) -> None:
        """End it and its workers at once, as a power cut would. Nothing happens if it has ended."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.send_signal(signal.SIGKILL)  # it may not yet have a group of its own
        self.process.wait(self.stop_limit.total_seconds())


@contextmanager
def running_shop(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    workers: int = 1,
    port: int | None = None,
    start_limit: timedelta = START_LIMIT,
    flags: Sequence[str] = (),
    anew: bool = False,
) -> Iterator[Server]:
    """The shop, as ``uvicorn app.main:app`` runs it in ``folder``.

    Its SQLite file is laid out before, unless it is started ``anew`` or with another database.

    Args:
        folder: its working directory, and thereby where its ``var/`` is; made if absent.
        environment: its settings, all of them: what is absent has its default.
        workers: processes.
        port: where it listens; default: a free one.
        start_limit: how long it may take to answer its first call.
        flags: words for uvicorn besides.
        anew: import everything again, as people do who start it; several workers always do.

    Raises:
        ServerDied: it did not start.
    """
    settings = environment or {}
    file = folder / "var" / "ticketing.sqlite3"
    if not (anew or file.exists() or {"DATABASE_URL", "VAR_DIR"} & settings.keys()):
        lay_out(file)
    with _running(
        SHOP, folder, settings, workers=workers, port=port, flags=flags, anew=anew
    ) as server:
        server.wait_until_it_answers("/health/live", within=start_limit)
        yield server


@contextmanager
def running_mock(
    folder: Path,
    environment: Mapping[str, str] | None = None,
    *,
    workers: int = 1,
    port: int | None = None,
    start_limit: timedelta = START_LIMIT,
) -> Iterator[Server]:
    """The provider simulator alone; arguments as for `running_shop`.

    Its ``PAYSTACK_MOCK_WEBHOOK_URL`` is the shop's, whose port `free_port` can tell beforehand.

    Raises:
        ServerDied: it did not start.
    """
    with _running(MOCK, folder, environment or {}, workers=workers, port=port) as server:
        server.wait_until_it_answers("/transaction", within=start_limit)
        yield server


def free_port() -> int:
    """A port at which no server listens right now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def launch(
    app: str,
    folder: Path,
    environment: Mapping[str, str],
    *,
    workers: int = 1,
    port: int | None = None,
    flags: Sequence[str] = (),
    anew: bool = False,
) -> Server:
    """Start a server without waiting for it; the caller has to stop it."""
    folder.mkdir(parents=True, exist_ok=True)
    port = port or free_port()
    program = Program(
        module="uvicorn",
        words=[
            *(app, "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)),
            *(*SERVER_FLAGS, *flags),
        ],
        folder=folder,
        environment=settings_only(environment),
        log=folder / f"server-{port}.log",
    )
    process = forked(program) if workers == 1 and not anew else started_anew(program)
    return Server(process=process, port=port, folder=folder, log_file=program.log)


def settings_only(environment: Mapping[str, str]) -> dict[str, str]:
    """An environment for a child process that holds these settings and none of this machine's."""
    kept = {name: os.environ[name] for name in KEPT if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | dict(environment)


@contextmanager
def _running(
    app: str,
    folder: Path,
    environment: Mapping[str, str],
    *,
    workers: int,
    port: int | None,
    flags: Sequence[str] = (),
    anew: bool = False,
) -> Iterator[Server]:
    server = launch(app, folder, environment, workers=workers, port=port, flags=flags, anew=anew)
    try:
        yield server
    except BaseException:
        # pytest shows this only for a test that failed.
        sys.stderr.write(f"--- log of {app} at {server.url}\n{server.log[-6000:]}\n")
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait()
        raise
    else:
        server.terminate()
        server.wait()
    finally:
        server.kill()
