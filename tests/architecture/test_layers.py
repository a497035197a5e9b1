import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"


def lint_imports(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LINT, "--no-cache", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


class TestLayers:
    def test_are_kept(self) -> None:
        run = lint_imports()

        assert run.returncode == 0, run.stdout
        assert "0 broken" in run.stdout

    def test_would_be_missed(self, tmp_path: Path) -> None:
        contract = tmp_path / "contract.toml"
        contract.write_text(
            "[tool.importlinter]\n"
            'root_package = "app"\n'
            "[[tool.importlinter.contracts]]\n"
            'name = "Services know no domain"\n'
            'type = "forbidden"\n'
            'source_modules = ["app.services"]\n'
            'forbidden_modules = ["app.domain"]\n'
        )

        run = lint_imports("--config", str(contract))

        assert run.returncode == 1, run.stdout
        assert "1 broken" in run.stdout
