"""An organization with an event that has orders, for tests of what it is told."""

import pytest

from app.domain.ids import EventId
from app.http.services import Services
from app.wiring.adapters import Adapters
from tests.steps.organizations import Band
from tests.support.factories import Factory
from tests.support.fakes import FakeFiles


@pytest.fixture
def band(services: Services, make: Factory) -> Band:
    return Band(services, make)


@pytest.fixture
def event_id(make: Factory, band: Band) -> EventId:
    event = make.event(organizer=band.owner, organization_id=band.id)
    for _ in range(3):
        make.buy(make.user(), event.id)
    make.work()
    return event.id


@pytest.fixture
def files(outside: Adapters) -> FakeFiles:
    assert isinstance(outside.files, FakeFiles)
    return outside.files
