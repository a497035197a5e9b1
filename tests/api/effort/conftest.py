"""Time tells outsiders nothing: what it takes to answer is compared, never the time itself.

Rows that an outsider names by their number are tried for every operation in
`organizers/test_permissions.py`, and for every page in `organizers/test_page_rights.py`.
"""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.repositories.database import Database
from app.wiring.adapters import Adapters
from tests.api.effort.efforts import Effort, effort_of
from tests.steps.browsing import HTML

Measure = Callable[..., tuple[httpx.Response, Effort]]


@pytest.fixture
def measure(api: httpx.Client, database: Database, outside: Adapters) -> Measure:
    """Call the shop without a login, or with the headers that are given; what it took."""

    def call(method: str, path: str, **sent: Any) -> tuple[httpx.Response, Effort]:
        sent.setdefault("headers", HTML)
        api.cookies.clear()
        with effort_of(database, outside) as effort:
            answer = api.request(method, path, **sent)
        return answer, effort

    return call
