import signal
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.clients.mail.mail_servers import parsed
from tests.programs.commands import run_alone, running
from tests.programs.servers import running_shop
from tests.steps.waiting import eventually

pytestmark = pytest.mark.slow

JOURNEY_LIMIT = timedelta(seconds=30)


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
            bought = run_alone("demo", "--url", shop.url, folder=tmp_path, environment=settings)
            assert bought.returncode == 0, bought.stderr
            assert not list(tmp_path.glob("var/mail/*"))

            with (
                running("work", folder=tmp_path, environment=settings),
                running("work", folder=tmp_path, environment=settings),
            ):
                mail = wait_for_mail(tmp_path, 2)
                # Two workers, and time for the second to send it once more.
                time.sleep(1)

        assert all("To: test@example.com" in file.read_text() for file in mail)
        subjects = [parsed(file.read_bytes())["Subject"] for file in mail]
        assert [subject.partition(" ")[0] for subject in subjects] == ["Confirm", "Your"]
        assert len(list(tmp_path.glob("var/mail/*.eml"))) == 2

    @pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
    def test_stops_when_told_to(self, told: signal.Signals, tmp_path: Path) -> None:
        with running("work", folder=tmp_path) as worker:
            eventually(lambda: "working" in worker.complained.read_text())

            worker.process.send_signal(told)
            ended = worker.end()

        assert ended.returncode == 0
        assert ended.stderr.rstrip().endswith("stopped")
        assert "Traceback" not in ended.stderr

    def test_refuses_a_database_it_may_not_bring_up_to_date(self, tmp_path: Path) -> None:
        ended = run_alone("work", folder=tmp_path, environment={"MIGRATE_ON_START": "false"})

        assert ended.returncode == 1
        assert "python -m app.cli migrate" in ended.stderr
