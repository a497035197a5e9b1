from pathlib import Path

from app.config import warnings_of
from tests.config.test_settings import PRODUCTION, read, refusal


class TestLimits:
    def test_refuse_limits_in_the_wrong_order(self, tmp_path: Path) -> None:
        refused = refusal(tmp_path, DATABASE_STATEMENT_LIMIT="5", DATABASE_IDLE_LIMIT="5")

        assert "DATABASE_STATEMENT_LIMIT must be shorter than DATABASE_IDLE_LIMIT" in refused


class TestPrepare:
    def test_is_asked_for_where_production_does_not_say(self, tmp_path: Path) -> None:
        url = "postgresql://ada@host/tickets"

        warnings = list(warnings_of(read(tmp_path, **(PRODUCTION | {"DATABASE_URL": url}))))

        assert any("DATABASE_PREPARE is not set" in warning for warning in warnings)
