import pytest

from app.domain.listings import EventListing
from app.wiring.adapters import Adapters
from tests.api.conftest import Person
from tests.support.factories import Factory
from tests.support.fakes import FakePictures


@pytest.fixture
def event(make: Factory, organizer: Person) -> EventListing:
    return make.event(organizer=organizer.user)


@pytest.fixture
def store(outside: Adapters) -> FakePictures:
    assert isinstance(outside.picture_store, FakePictures)
    return outside.picture_store
