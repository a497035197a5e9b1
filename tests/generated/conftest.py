"""The linters and generators of npm, as `.ci/openapi` pins them, and the shop they are tried on."""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.programs.servers import Server, running_shop

TIME_LIMIT_SECONDS = 120


class Run(Protocol):
    """Runs a program of the tools' folder, or one by its path, in the test's folder."""

    def __call__(self, *command: str, **env: str) -> str: ...


@pytest.fixture(scope="session")
def node_modules() -> Path:
    """Where the tools are; without them the test is skipped, or fails where they are a must.

    `npm ci --prefix FOLDER` with the two files of `.ci/openapi` installs them; `OPENAPI_TOOLS`
    names the folder.
    """
    folder = os.environ.get("OPENAPI_TOOLS")
    if folder and (Path(folder) / "node_modules").is_dir():
        return Path(folder).absolute() / "node_modules"
    message = "OPENAPI_TOOLS names no folder with the tools of .ci/openapi"
    if os.environ.get("REQUIRE_OPENAPI_TOOLS") == "1":
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_shop(tmp_path_factory.mktemp("generated") / "shop") as shop:
        yield shop


@pytest.fixture
def folder(tmp_path: Path, node_modules: Path, shop: Server) -> Path:
    """A folder with the shop's description, where the tools are found."""
    with shop.client() as http:
        described = http.get("/openapi.json").raise_for_status().json()
    (tmp_path / "openapi.json").write_text(json.dumps(described))
    (tmp_path / "node_modules").symlink_to(node_modules)
    return tmp_path


@pytest.fixture
def run(folder: Path) -> Run:
    def start(*command: str, **env: str) -> str:
        program, *arguments = command
        tool = folder / "node_modules" / ".bin" / program
        ended = subprocess.run(
            [str(tool) if tool.exists() else program, *arguments],
            cwd=folder,
            env={**os.environ, "CI": "true", **env},
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_SECONDS,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout + ended.stderr

    return start
