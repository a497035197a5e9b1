"""The shop without its server: what the command line works with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from app.config import Settings
from app.http.services import Services
from app.repositories.database import Database
from app.services.operations.worker import Worker
from app.wiring.adapters import real_adapters, refusing_unwritable
from app.wiring.samples.maker import Samples
from app.wiring.services import build_services
from app.wiring.simulator import Simulator


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """The services on their database, and a worker that waits to be started."""

    settings: Settings
    database: Database
    services: Services
    worker: Worker
    samples: Samples


@contextmanager
def command_context(settings: Settings) -> Iterator[CommandContext]:
    """Build the shop as the server would; its connections are closed when the block ends.

    The simulator, where the settings ask for it, answers here from the file it shares with the
    server's. It delivers nothing: its webhooks are the server's to post and to receive.
    """
    with refusing_unwritable():
        simulator = Simulator(settings) if settings.uses_mock else None
        outside = real_adapters(settings, simulator_url=simulator.url if simulator else None)
    services = build_services(outside, settings)
    if simulator is not None:
        simulator.start()
    try:
        worker = Worker(services.work, outside.signal)
        yield CommandContext(
            settings=settings,
            database=outside.database,
            services=services,
            worker=worker,
            samples=Samples(
                settings=settings, outside=outside, services=services, undisturbed=worker.paused
            ),
        )
    finally:
        if simulator is not None:
            simulator.stop(wait=False)
        outside.database.close()
