from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from app.domain.states import Role
from app.http.services import Services
from app.models.users.users import User
from tests.api.conftest import Person
from tests.api.described_operations import operations_of
from tests.api.organizers.world import World, build
from tests.steps.browsing import Visitor
from tests.support.factories import Factory


@pytest.fixture
def world(
    services: Services,
    make: Factory,
    api: httpx.Client,
    app: FastAPI,
    enter: Callable[[str, Role], Person],
) -> World:
    operations = {str(operation): operation for operation in operations_of(app)}
    return build(services, make, api, operations, enter)


@pytest.fixture
def seller(make: Factory) -> User:
    """An organizer who uses the console."""
    return make.user(name="seller", role=Role.ORGANIZER)


@pytest.fixture
def visitor(api: httpx.Client, seller: User) -> Visitor:
    """The seller at a browser, signed in."""
    visitor = Visitor(api)
    visitor.sign_in(seller.username)
    return visitor
