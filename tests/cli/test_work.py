import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.test_commands import run_alone
from tests.clients.mail.mail_servers import parsed
from tests.programs.servers import running_shop, settings_only

pytestmark = pytest.mark.slow

JOURNEY_LIMIT = timedelta(seconds=30)


@contextmanager
def working(folder: Path, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """`python -m app.cli work`, as its user runs it."""
    worker = subprocess.Popen(
        [sys.executable, "-m", "app.cli", "work"],
        cwd=folder,
        env=settings_only(settings),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate()


def wait_for_mail(folder: Path, count: int) -> list[Path]:
    deadline = time.monotonic() + JOURNEY_LIMIT.total_seconds()
    while time.monotonic() < deadline:
        mail = sorted((folder / "var" / "mail").glob("*.eml"))
        if len(mail) >= count:
            return mail
        time.sleep(0.1)
    raise AssertionError(f"no {count} mails within {JOURNEY_LIMIT}")


class TestWork:
    def test_delivers_the_mail_a_server_without_worker_promised(
        self, database_url: str, tmp_path: Path
    ) -> None:
        settings = {"DATABASE_URL": database_url, "WORK_IN_PROCESS": "false"}
        with running_shop(tmp_path, settings) as shop:
            bought = run_alone("demo", "--url", shop.url, folder=tmp_path, **settings)
            assert bought.returncode == 0, bought.stderr
            assert not list(tmp_path.glob("var/mail/*"))

            with working(tmp_path, **settings), working(tmp_path, **settings):
                mail = wait_for_mail(tmp_path, 2)
                # Two workers, and time for the second to send it once more.
                time.sleep(1)

        assert all("To: test@example.com" in file.read_text() for file in mail)
        subjects = [parsed(file.read_bytes())["Subject"] for file in mail]
        assert [subject.partition(" ")[0] for subject in subjects] == ["Confirm", "Your"]
        assert len(list(tmp_path.glob("var/mail/*.eml"))) == 2

    @pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
    def test_stops_when_told_to(self, told: signal.Signals, tmp_path: Path) -> None:
        with working(tmp_path) as worker:
            assert worker.stderr is not None
            while "working" not in worker.stderr.readline():
                assert worker.poll() is None
            worker.send_signal(told)

            _, said = worker.communicate(timeout=15)

        assert worker.returncode == 0
        assert said.rstrip().endswith("stopped")
        assert "Traceback" not in said

    def test_refuses_a_database_it_may_not_bring_up_to_date(self, tmp_path: Path) -> None:
        ended = run_alone("work", folder=tmp_path, MIGRATE_ON_START="false")

        assert ended.returncode == 1
        assert "python -m app.cli migrate" in ended.stderr
