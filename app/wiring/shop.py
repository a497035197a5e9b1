"""The whole shop, with Paystack's simulator inside where the settings ask for it."""

from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from fastapi import FastAPI

from app.config import Settings
from app.database.migrations import SchemaTooNew, migrate
from app.database.schema import schema_state
from app.domain.errors import StartRefused, Unavailable
from app.domain.operations import faults
from app.domain.operations.database_status import SchemaState
from app.factory import AppParts, EventDefaults, create_app
from app.repositories.database import Database
from app.services.operations.worker import Worker
from app.wiring.adapters import real_adapters, refusing_unwritable
from app.wiring.samples.maker import Samples
from app.wiring.services import build_services
from app.wiring.simulator import MOCK_PATH, Simulator

log = structlog.get_logger(__name__)


def build_app(settings: Settings) -> FastAPI:
    """The whole shop, with Paystack's simulator inside where the settings ask for it."""
    faults.arm(settings.fault_point)
    with refusing_unwritable():
        simulator = Simulator(settings) if settings.uses_mock else None
        outside = real_adapters(settings, simulator_url=simulator.url if simulator else None)
    services = build_services(outside, settings)

    worker = Worker(services.work, outside.signal)
    samples = Samples(
        settings=settings, outside=outside, services=services, undisturbed=worker.paused
    )

    @contextmanager
    def migrated() -> Iterator[None]:
        _prepare(outside.database, migrates=settings.migrates_on_start)
        yield
        outside.database.close()

    @contextmanager
    def simulating() -> Iterator[None]:
        if simulator is not None:
            simulator.start()
            simulator.mock.start()
        yield
        if simulator is not None:
            simulator.stop()

    @contextmanager
    def working() -> Iterator[None]:
        if settings.work_in_process:
            worker.start()
        yield
        worker.stop()

    app = create_app(
        AppParts(
            services=services,
            ids=outside.ids,
            event_defaults=EventDefaults(
                time_zone=settings.default_time_zone, currency=settings.default_currency
            ),
            picture_bytes=settings.picture_bytes,
            upload_grace=settings.upload_grace,
            place_within=settings.database_wait,
            call_limit=settings.database_call_limit,
            public_url=settings.public_url,
            default_language=settings.default_language,
            allowed_origins=settings.allowed_origins,
            trusted_proxies=settings.trusted_proxies,
            stream_for=settings.counts_stream_for,
            mounts=((MOCK_PATH, simulator.mock.app),) if simulator else (),
            samples=samples,
            running=(migrated, simulating, working, samples.until_stopped),
        )
    )
    if simulator is not None:
        simulator.shop = app
    return app


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
            "started before the database was migrated: calls are answered 503 until you run "
            "`python -m app.cli migrate`"
        )
    if state == SchemaState.NEWER:
        log.warning("the database is newer than this release, which may work with it")
