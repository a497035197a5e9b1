import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.programs.servers import ROOT, running_shop

HERE = Path(__file__).parent
DATE = "2030-06-01T19:00:00Z"
"""As the hooks have it, so that doors may open then as well."""
PASSWORD = "correct horse battery"
TIME_LIMIT_SECONDS = 360
QUICK = {
    "COUNTS_STREAM_FOR": "0.01",
    "REGISTRATIONS_FROM_ADDRESS": "100000",
    "LOGIN_ATTEMPTS_FROM_ADDRESS": "100000",
}
"""A stream is read to its end here, each time, and one client opens accounts without end."""


@pytest.mark.slow
@pytest.mark.timeout(420)
class TestWholeDescription:
    """All checks in all phases: examples, coverage, fuzzing, and following links."""

    def test_is_kept_by_the_shop(self, tmp_path: Path) -> None:
        with running_shop(tmp_path / "shop", QUICK) as shop, shop.client() as http:
            account = {"email": "ada@example.org", "username": "ada.obi", "password": PASSWORD}
            http.post("/users/", json=account).raise_for_status()
            login = http.post("/token", data={"username": "ada.obi", "password": PASSWORD})
            headers = {"Authorization": f"Bearer {login.json()['access_token']}"}
            event = {"title": "Night", "date": DATE, "location": "Lagos", "ticket_price": 0}
            http.post("/events/", json=event, headers=headers).raise_for_status()

            ended = subprocess.run(
                [
                    *(sys.executable, "-m", "schemathesis.cli"),
                    *("--config-file", str(HERE / "schemathesis.toml")),
                    *("run", f"{shop.url}/openapi.json", "--checks", "all", "--no-color"),
                    *("--header", f"Authorization: {headers['Authorization']}"),
                ],
                cwd=tmp_path,
                env=os.environ
                | {
                    "PYTHONPATH": str(ROOT),
                    "SCHEMATHESIS_HOOKS": str(HERE / "schemathesis_hooks.py"),
                },
                capture_output=True,
                text=True,
                timeout=TIME_LIMIT_SECONDS,
                check=False,
            )

        assert ended.returncode == 0, ended.stdout + ended.stderr
        for phase in ("Examples", "Coverage", "Fuzzing", "Stateful"):
            assert f"✅ {phase}" in ended.stdout, ended.stdout
