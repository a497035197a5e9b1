"""What tests of the services share."""

from collections.abc import Iterator

import pytest

from app.routers.services import Services


@pytest.fixture
def audited(services: Services) -> Iterator[None]:
    """Whatever a test did, the auditor finds nothing wrong at its end."""
    yield
    assert [str(violation) for violation in services.audit.violations()] == []
