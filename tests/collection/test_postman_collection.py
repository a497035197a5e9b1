import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.programs.servers import ROOT, Server, running_shop

COLLECTION = ROOT / "Event_Ticketing_System_API.postman_collection.json"
ON_DISK = ROOT / "node_modules" / ".bin" / "newman"
TIME_LIMIT_SECONDS = 90


def find_newman() -> str | None:
    found = os.environ.get("NEWMAN") or shutil.which("newman")
    return found or (str(ON_DISK) if ON_DISK.exists() else None)


@pytest.fixture
def newman() -> str:
    """The command; without one the test is skipped, or fails where ``REQUIRE_NEWMAN=1``."""
    found = find_newman()
    if found is not None:
        return found
    message = "newman, which runs Postman collections, is not installed"
    if os.environ.get("REQUIRE_NEWMAN") == "1":
        pytest.fail(message)
    pytest.skip(message)


def run(newman: str, shop: Server) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [
            *(newman, "run", str(COLLECTION), "--env-var", f"base_url={shop.url}"),
            *("--color", "off", "--disable-unicode"),
        ],
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )


def requests_in(item: dict[str, Any]) -> list[dict[str, Any]]:
    """The requests of a folder and the folders inside it."""
    if "item" in item:
        return [found for inner in item["item"] for found in requests_in(inner)]
    return [item]


@pytest.fixture
def requests() -> list[dict[str, Any]]:
    return requests_in(json.loads(COLLECTION.read_text()))


class TestCollection:
    @pytest.mark.slow
    @pytest.mark.node
    def test_is_green_against_a_fresh_server_and_once_more(
        self, newman: str, tmp_path: Path
    ) -> None:
        with running_shop(tmp_path / "shop") as shop:
            first = run(newman, shop)
            second = run(newman, shop)

        assert first.returncode == 0, first.stdout + first.stderr
        assert second.returncode == 0, second.stdout + second.stderr

    def test_has_a_request_for_every_operation(
        self, api: httpx.Client, requests: list[dict[str, Any]]
    ) -> None:
        described = api.get("/openapi.json").json()["paths"]
        operations = {
            f"{method.upper()} {re.sub('{.+?}', '*', path)}"
            for path, methods in described.items()
            for method in methods
        }

        requested = set()
        for item in requests:
            path = "/" + "/".join(item["request"]["url"]["path"])
            path = re.sub("{{.+?}}|TCK-MADE-UP|[0-9]{9}", "*", path)
            requested.add(f"{item['request']['method']} {path.rstrip('/')}")

        assert requested == operations, (
            "add a request to Event_Ticketing_System_API.postman_collection.json, with a test of "
            "its status"
        )

    def test_asserts_the_status_of_every_answer(self, requests: list[dict[str, Any]]) -> None:
        for item in requests:
            scripts = [event["script"]["exec"] for event in item["event"]]
            assert any("pm.response.to.have.status(" in line for lines in scripts for line in lines)

    def test_keeps_no_token_or_id_of_whoever_wrote_it(self) -> None:
        variables = json.loads(COLLECTION.read_text())["variable"]

        given = {variable["key"]: variable["value"] for variable in variables if variable["value"]}

        assert given == {
            "base_url": "http://127.0.0.1:8000",
            "password": "password123",
            "new_password": "password456",
        }
