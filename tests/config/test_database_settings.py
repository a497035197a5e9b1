from pathlib import Path

from tests.config.test_settings import refusal


class TestLimits:
    def test_refuse_limits_in_the_wrong_order(self, tmp_path: Path) -> None:
        refused = refusal(tmp_path, DATABASE_STATEMENT_LIMIT="5", DATABASE_IDLE_LIMIT="5")

        assert "DATABASE_STATEMENT_LIMIT must be shorter than DATABASE_IDLE_LIMIT" in refused
