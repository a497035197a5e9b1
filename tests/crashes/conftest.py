"""The provider that survives every crash of the shop, and a stage on each database."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.crashes.stage import PAYSTACK_KEY, Stage, open_stage
from tests.programs.servers import free_port, running_mock


@pytest.fixture(scope="package")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Paystack's simulator in a process of its own; its webhooks reach no server."""
    environment = {
        "PAYSTACK_SECRET_KEY": PAYSTACK_KEY,
        "PAYSTACK_MOCK_STORE": "provider.sqlite3",
        "PAYSTACK_MOCK_WEBHOOK_URL": f"http://127.0.0.1:{free_port()}/nobody",
        "PAYSTACK_MOCK_WEBHOOK_ATTEMPTS": "1",
        "PAYSTACK_MOCK_REFUND_STEP": "0.01",
    }
    key = {"Authorization": f"Bearer {PAYSTACK_KEY}"}
    with (
        running_mock(tmp_path_factory.mktemp("provider"), environment) as mock,
        httpx.Client(base_url=mock.url, headers=key, timeout=30, trust_env=False) as client,
    ):
        yield client


@pytest.fixture
def stage(database_url: str, tmp_path: Path, provider: httpx.Client) -> Iterator[Stage]:
    with open_stage(tmp_path, database_url, provider) as stage:
        yield stage
