"""Clients that developers generate from the description compile, and buy a ticket."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.generated.conftest import Run
from tests.programs.servers import Server

pytestmark = [pytest.mark.slow, pytest.mark.node, pytest.mark.timeout(300)]

BUYERS = Path(__file__).parent / "buyers"
GENERATORS = {
    "openapi_fetch": (
        *("openapi-typescript", "openapi.json"),
        *("--output", "openapi_fetch_client/schema.d.ts"),
    ),
    "hey_api": (
        *("openapi-ts", "-i", "openapi.json", "-o", "hey_api_client"),
        *("-c", "@hey-api/client-fetch"),
    ),
    "orval": ("orval", "--config", "orval.config.cjs"),
    "swagger_typescript_api": (
        *("swagger-typescript-api", "generate", "-p", "openapi.json"),
        *("-o", "swagger_typescript_api_client", "-n", "client.ts"),
    ),
}


class TestTypeScriptClient:
    @pytest.mark.parametrize("generator", GENERATORS)
    def test_compiles_strictly_and_buys_a_ticket(
        self, run: Run, folder: Path, shop: Server, generator: str
    ) -> None:
        for name in (f"{generator}.ts", "journey.ts", "tsconfig.json", "orval.config.cjs"):
            shutil.copy(BUYERS / name, folder)

        run(*GENERATORS[generator], SHOP_URL=shop.url)
        run("tsc", "-p", ".")
        bought = run("node", f"built/{generator}.js", SHOP_URL=shop.url, BUYER=generator)

        assert bought.startswith("bought ")


class TestPythonClient:
    def test_buys_a_ticket(self, run: Run, folder: Path, shop: Server) -> None:
        shutil.copy(BUYERS / "python_client.py", folder)
        # The generator formats what it wrote with ruff, which stands beside this Python.
        path = f"{Path(sys.executable).parent}:/usr/bin:/bin"

        run(
            *("openapi-python-client", "generate", "--path", "openapi.json"),
            *("--meta", "none", "--output-path", "shop_client"),
            PATH=path,
        )
        bought = run(sys.executable, "python_client.py", SHOP_URL=shop.url, BUYER="python_client")

        assert bought.startswith("bought ")
