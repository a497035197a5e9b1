"""An admin in the back office."""

import httpx
import pytest

from app.domain.states import Role
from app.models.users.users import User
from tests.steps.browsing import Visitor
from tests.support.factories import Factory


@pytest.fixture
def root(make: Factory) -> User:
    return make.user(name="root", role=Role.ADMIN)


@pytest.fixture
def desk(api: httpx.Client, root: User) -> Visitor:
    """An admin at a browser, signed in."""
    visitor = Visitor(api)
    visitor.sign_in(root.username)
    return visitor
