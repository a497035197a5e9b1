from collections.abc import Iterator
from pathlib import Path

import pytest

from app.config import Settings
from app.wiring.adapters import Adapters
from tests.support.fakes import FakeClock
from tests.support.simulated import SimulatedShop, simulated_shop


@pytest.fixture
def simulated(
    outside: Adapters, settings: Settings, clock: FakeClock, tmp_path: Path
) -> Iterator[SimulatedShop]:
    """The shop on each database with the simulator as provider; at the end nothing is wrong."""
    with simulated_shop(outside, settings, clock, tmp_path / "simulator.sqlite3") as shop:
        yield shop
        assert shop.violations() == []
