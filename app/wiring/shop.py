"""The whole shop, with Paystack's simulator inside where the settings ask for it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
import structlog
from fastapi import FastAPI
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from app.clients.paystack.asgi_transport import AsgiTransport
from app.config import Settings
from app.domain.errors import StartRefused, Unavailable
from app.domain.operations import faults
from app.domain.operations.schema_states import SchemaState
from app.factory import AppParts, EventDefaults, create_app
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock
from app.repositories.database import Database
from app.repositories.migrations import SchemaTooNew, migrate
from app.repositories.schema import schema_state
from app.services.operations.worker import Worker
from app.wiring.adapters import paystack_key, real_adapters, refusing_unwritable
from app.wiring.services import build_services

log = structlog.get_logger(__name__)

MOCK_PATH: Final = "/paystack-mock"


class ShopDoor:
    """The way from the simulator inside this process to the shop, which is built after it."""

    def __init__(self) -> None:
        self.shop: ASGIApp | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self.shop is None:
            raise RuntimeError("the shop is not built yet")
        await self.shop(scope, receive, send)


def build_mock(settings: Settings, door: ShopDoor) -> PaystackMock:
    """Paystack's simulator inside this process, which posts its webhooks through the door."""
    return PaystackMock(
        MockSettings(
            store=settings.var_dir / "paystack_mock.sqlite3",
            secret_key=SecretStr(paystack_key(settings)),
            webhook_url="http://shop.internal/payments/webhook",
            mount_path=MOCK_PATH,
        ),
        webhook_client=httpx.Client(transport=AsgiTransport(door)),
    )


def build_app(settings: Settings) -> FastAPI:
    """The whole shop, with Paystack's simulator inside where the settings ask for it."""
    faults.arm(settings.fault_point)
    door = ShopDoor()
    with refusing_unwritable():
        mock = build_mock(settings, door) if settings.uses_mock else None
        outside = real_adapters(settings, mock=mock)
    services = build_services(outside, settings)

    @contextmanager
    def migrated() -> Iterator[None]:
        _prepare(outside.database, migrates=settings.migrates_on_start)
        yield
        outside.database.close()

    @contextmanager
    def simulating() -> Iterator[None]:
        if mock is not None:
            mock.start()
        yield
        if mock is not None:
            mock.stop()

    @contextmanager
    def working() -> Iterator[None]:
        worker = Worker(services.work, outside.signal)
        if settings.work_in_process:
            worker.start()
        yield
        worker.stop()

    door.shop = create_app(
        AppParts(
            services=services,
            ids=outside.ids,
            event_defaults=EventDefaults(
                time_zone=settings.default_time_zone, currency=settings.default_currency
            ),
            turn_within=settings.database_wait,
            call_limit=settings.database_call_limit,
            public_url=settings.public_url,
            allowed_origins=settings.allowed_origins,
            trusted_proxies=settings.trusted_proxies,
            stream_for=settings.counts_stream_for,
            mounts=((MOCK_PATH, mock.app),) if mock else (),
            running=(migrated, simulating, working),
        )
    )
    return door.shop


def _prepare(database: Database, *, migrates: bool) -> None:
    """Bring the database up to date, or look at it; a server may start before it is.

    Raises:
        StartRefused: this release cannot work with it.
    """
    try:
        if migrates:
            migrate(database)
        state = schema_state(database)
    except Unavailable as error:
        if migrates:
            raise StartRefused(error.detail) from error
        log.warning("started without a database: calls are answered 503 until there is one")
        return
    if state == SchemaState.INCOMPATIBLE:
        raise SchemaTooNew
    if state == SchemaState.MISSING:
        log.warning(
            "started before the database was migrated: calls are answered 503 until somebody runs "
            "`python -m app.cli migrate`"
        )
    if state == SchemaState.NEWER:
        log.warning("the database is newer than this release, which may work with it")
