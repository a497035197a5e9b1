"""The API on services of a test's own. All apps of a process share their routes and description.

FastAPI prepares a route when it is first called, and describes all of them when it is first asked:
for each app this takes as long as a hundred calls. No route keeps anything of its app.
"""

from datetime import timedelta
from typing import Any, Final

from fastapi import FastAPI
from starlette.routing import BaseRoute

from app.factory import AppParts, EventDefaults, create_app
from app.http.services import Services
from app.wiring.adapters import Adapters

_ROUTES: Final[list[BaseRoute]] = []
_DESCRIPTION: Final[dict[str, Any]] = {}


def parts_of(services: Services, outside: Adapters) -> AppParts:
    return AppParts(
        services=services,
        ids=outside.ids,
        event_defaults=EventDefaults(time_zone="Africa/Lagos", currency="NGN"),
        public_url="https://shop.test",
        stream_for=timedelta(0),
    )


def app_of(parts: AppParts) -> FastAPI:
    """An app that is not below a path, and has nothing mounted."""
    app = create_app(parts)
    if not _ROUTES:
        _ROUTES.extend(app.routes)
    app.router.routes = _ROUTES
    describe = app.openapi

    def described() -> dict[str, Any]:
        if not _DESCRIPTION:
            _DESCRIPTION.update(describe())
        return _DESCRIPTION

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI's manual does
    return app
