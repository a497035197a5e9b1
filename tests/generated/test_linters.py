from pathlib import Path

import pytest

from tests.generated.conftest import Run

pytestmark = [pytest.mark.slow, pytest.mark.node]


class TestDescription:
    def test_satisfies_redocly_as_recommended(self, run: Run) -> None:
        printed = run("redocly", "lint", "--extends", "recommended", "openapi.json")

        assert "Your API description is valid" in printed
        assert "You have" not in printed  # so many warnings

    def test_satisfies_spectral(self, run: Run, folder: Path) -> None:
        (folder / "rules.yaml").write_text('extends: ["spectral:oas"]\n')

        printed = run("spectral", "lint", "-r", "rules.yaml", "-F", "warn", "openapi.json")

        assert "No results with a severity of 'warn' or higher found!" in printed

    def test_that_breaks_a_rule_is_refused(self, run: Run, folder: Path) -> None:
        text = (folder / "openapi.json").read_text()
        (folder / "openapi.json").write_text(text.replace('"/events"', '"/events/"', 1))

        with pytest.raises(AssertionError, match="no-path-trailing-slash"):
            run("redocly", "lint", "--extends", "recommended", "openapi.json")
