import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from scripts.postman import COLLECTION, renewed, written
from tests.programs.servers import ROOT, Server, running_shop

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
        cwd=ROOT,  # where it finds the picture that is uploaded
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT_SECONDS,
        check=False,
    )


@pytest.fixture
def collection() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(COLLECTION.read_text())
    return found


def requests_of(collection: dict[str, Any]) -> list[dict[str, Any]]:
    return [request for folder in collection["item"] for request in folder["item"]]


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

    def test_has_a_request_for_every_operation(self, api: httpx.Client) -> None:
        kept = COLLECTION.read_text()

        renewed_now = renewed(json.loads(kept), api.get("/openapi.json").json())

        assert written(renewed_now) == kept, (
            f"run `make postman`, which adds and takes away requests in {COLLECTION.name}, and see "
            "that the collection is green: make test ARGS=tests/collection"
        )

    def test_asserts_the_status_of_every_answer(self, collection: dict[str, Any]) -> None:
        for item in requests_of(collection):
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


class TestRenewed:
    def test_adds_a_request_to_the_folder_of_its_tag(
        self, api: httpx.Client, collection: dict[str, Any]
    ) -> None:
        (door,) = [each for each in collection["item"] if each["name"] == "12 At the door"]
        door["item"] = [each for each in door["item"] if each["name"] != "Add a staff member"]

        renewed(collection, api.get("/openapi.json").json())

        added = door["item"][-1]
        assert added["name"] == "Add a staff member"
        assert added["request"]["method"] == "POST"
        assert added["request"]["url"]["raw"] == "{{base_url}}/events/{{event_id}}/staff"
        assert json.loads(added["request"]["body"]["raw"]) == {"name": "testuser"}
        assert added["event"][0]["script"]["exec"] == [
            'pm.test("Add a staff member", () => pm.response.to.have.status(201));'
        ]

    def test_expects_nothing_at_an_id_the_collection_does_not_know(
        self, api: httpx.Client, collection: dict[str, Any]
    ) -> None:
        name = "Show a prepared export"
        for folder in collection["item"]:
            folder["item"] = [each for each in folder["item"] if each["name"] != name]

        renewed(collection, api.get("/openapi.json").json())

        (added,) = [
            each for each in requests_of(collection) if each["name"] == "Show a prepared export"
        ]
        assert added["request"]["url"]["raw"] == "{{base_url}}/exports/999999999"
        assert "status(404)" in added["event"][0]["script"]["exec"][0]

    def test_takes_away_a_request_whose_operation_is_gone(
        self, api: httpx.Client, collection: dict[str, Any]
    ) -> None:
        described = api.get("/openapi.json").json()
        del described["paths"]["/scanners/me"]

        renewed(collection, described)

        paths = [each["request"]["url"]["path"] for each in requests_of(collection)]
        assert ["scanners", "me"] not in paths
