"""A server of the demo environment that leaves nothing behind."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

import httpx

from app.cli.failure import CommandFailed
from app.config import Settings
from app.http.protocol import SERVER_FLAGS

ROOT: Final = Path(__file__).parents[2]
START_LIMIT: Final = timedelta(seconds=60)
STOP_LIMIT: Final = timedelta(seconds=15)


@contextmanager
def fresh_server() -> Iterator[str]:
    """Run the shop with no settings at all on a free port; gives its address.

    It works in a temporary folder, so that neither a ``.env`` nor a database of yours is touched.

    Raises:
        CommandFailed: it did not start; the message ends with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="ticketing-") as folder:
        log = Path(folder) / "server.log"
        port = _free_port()
        process = _start(folder, log, port)
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_until_ready(url, process, log)
            yield url
        finally:
            process.terminate()
            try:
                process.wait(STOP_LIMIT.total_seconds())
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _start(folder: str, log: Path, port: int) -> "subprocess.Popen[bytes]":
    with log.open("wb") as output:
        return subprocess.Popen(  # noqa: S603  (every word of the command is ours)
            [
                *(sys.executable, "-m", "uvicorn", "app.main:app", "--app-dir", str(ROOT)),
                *("--host", "127.0.0.1", "--port", str(port), *SERVER_FLAGS),
            ],
            cwd=folder,
            env=_environment_without_settings(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )


def _environment_without_settings() -> dict[str, str]:
    ours = {name.upper() for name in Settings.model_fields} | {"RENDER_EXTERNAL_URL"}
    return {
        name: value
        for name, value in os.environ.items()  # noqa: TID251  (passed on, not read)
        if name.upper() not in ours and not name.upper().startswith("PAYSTACK_MOCK_")
    }


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _wait_until_ready(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_LIMIT.total_seconds()
    with httpx.Client(base_url=url, timeout=5, trust_env=False) as client:
        while process.poll() is None and time.monotonic() < deadline:
            with suppress(httpx.HTTPError):
                if client.get("/health/ready").is_success:
                    return
            time.sleep(0.1)
    said = log.read_text(errors="replace")[-2000:]
    raise CommandFailed(
        f"the server did not start within {START_LIMIT.seconds} s. It said:\n{said}"
    )
