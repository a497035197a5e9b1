"""What keeps a server from starting, and that it says so without telling secrets."""

from pathlib import Path

import pytest

from tests.servers import SHOP, launch, running_shop

LIVE_KEY = "sk_live_0123456789abcdef0123456789abcdef"
TEST_KEY = "sk_test_0123456789abcdef0123456789abcdef"
TICKET_KEY = "correct-horse-battery-ticket-0123456789"
SECRET = "correct-horse-battery-staple-0123456789"
GOOD = {
    "ENVIRONMENT": "production",
    "SECRET_KEY": SECRET,
    "TICKET_KEYS": TICKET_KEY,
    "PAYSTACK_SECRET_KEY": LIVE_KEY,
    "PUBLIC_URL": "https://tickets.example.org",
}


def refusal(folder: Path, environment: dict[str, str]) -> str:
    """What the server says before it ends by itself."""
    server = launch(SHOP, folder, environment)
    try:
        assert server.wait() != 0
    finally:
        server.kill()
    return server.log


@pytest.mark.slow
class TestProduction:
    @pytest.mark.parametrize(
        ("environment", "setting"),
        [
            (GOOD | {"SECRET_KEY": ""}, "SECRET_KEY"),
            (GOOD | {"SECRET_KEY": "short-but-secret"}, "SECRET_KEY"),
            (GOOD | {"TICKET_KEYS": ""}, "TICKET_KEYS"),
            (GOOD | {"TICKET_KEYS": "short-but-secret"}, "TICKET_KEYS"),
            (GOOD | {"TICKET_KEYS": "", "TICKET_KEYS_FILE": "absent"}, "absent"),
            (GOOD | {"PAYSTACK_SECRET_KEY": TEST_KEY}, "PAYSTACK_ALLOW_TEST_KEY"),
            (GOOD | {"PAYSTACK_BASE_URL": "http://127.0.0.1:8001"}, "PAYSTACK_BASE_URL"),
        ],
    )
    def test_refuses_to_start(
        self, tmp_path: Path, environment: dict[str, str], setting: str
    ) -> None:
        said = refusal(tmp_path, environment)

        assert setting in said
        assert "Traceback" not in said
        for name in ("SECRET_KEY", "PAYSTACK_SECRET_KEY"):
            assert not environment[name] or environment[name] not in said

    def test_starts_with_good_settings_and_keeps_them_to_itself(self, tmp_path: Path) -> None:
        environment = GOOD | {"DATABASE_URL": f"sqlite:///{tmp_path / 'shop.sqlite3'}"}

        with running_shop(tmp_path, environment) as shop, shop.client() as http:
            ready = http.get("/health/ready")
            anonymous = http.post("/events/", json={"title": "x"})
            simulator = http.get("/paystack-mock/transaction")
            log = shop.log

        assert (ready.status_code, ready.json()["migrations"]) == (503, "missing")
        assert anonymous.status_code in (401, 422)
        assert simulator.status_code == 404
        assert SECRET not in log
        assert LIVE_KEY not in log
        assert not (tmp_path / "var").exists()
        assert "be sure that it outlives a new deployment" in log
        assert "No SMTP_URL is set" in log
