"""The API on services of a test's own. All apps of a process share one description.

Describing an app takes as long as a hundred calls of it, and all describe themselves alike unless
they are below a path.
"""

from datetime import timedelta
from typing import Any, Final

from fastapi import FastAPI

from app.factory import AppParts, EventDefaults, create_app
from app.http.services import Services
from app.wiring.adapters import Adapters

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
    app = create_app(parts)
    describe = app.openapi

    def described() -> dict[str, Any]:
        if not _DESCRIPTION:
            _DESCRIPTION.update(describe())
        return _DESCRIPTION

    app.openapi = described  # type: ignore[method-assign]  # as FastAPI's manual does
    return app
