"""A process that can be told to die must not be told so by accident."""

import pytest
from pydantic import ValidationError

from app.config import Environment, Settings
from app.domain.operations.faults import FaultPoint
from tests.crashes.stage import SECRET_KEY

LIVE_KEY = "sk_live_0123456789abcdef0123456789abcdef"


def in_production(fault_point: FaultPoint | None) -> Settings:
    return Settings(
        _env_file=None,
        environment=Environment.PRODUCTION,
        secret_key=SECRET_KEY,
        ticket_keys="Zx8KwVu3TnRb6YpLc1HdMf9GsJq2EaWo",
        paystack_secret_key=LIVE_KEY,
        public_url="https://tickets.example.com",
        fault_point=fault_point,
    )


class TestFaultPoint:
    @pytest.mark.parametrize("point", FaultPoint)
    def test_is_refused_in_production(self, point: FaultPoint) -> None:
        assert in_production(None).fault_point is None

        with pytest.raises(ValidationError, match="FAULT_POINT"):
            in_production(point)
