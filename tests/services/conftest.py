"""What tests of the services share."""

from collections.abc import Iterator

import pytest

from app.models.users import User
from app.routers.services import Services
from tests.factories import PASSWORD


@pytest.fixture
def audited(services: Services) -> Iterator[None]:
    """Whatever a test did, the auditor finds nothing wrong at its end."""
    yield
    assert [str(violation) for violation in services.audit.violations()] == []


@pytest.fixture
def new_user(services: Services) -> User:
    """Somebody who has just registered."""
    return services.users.register(email="zoe@example.com", username="zoe", password=PASSWORD)
