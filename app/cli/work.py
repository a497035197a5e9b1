"""`work`: the background work in a process of its own."""

import signal
import time
from typing import Final, NoReturn

import structlog

from app.cli.running import CommandLine, Commands
from app.config import summary_of

log = structlog.get_logger(__name__)


def add_to(commands: Commands) -> None:
    parser = commands.add_parser(
        "work",
        help="do the background work until stopped",
        description="Release places of unpaid orders, ask Paystack about payments without a "
        "webhook, act on webhooks, send refunds and mail. Servers do this themselves unless "
        "WORK_IN_PROCESS=false. Several may run at once: each takes what no other has taken. "
        "Stops after the items at hand when told to (SIGTERM or Ctrl+C).",
    )
    parser.set_defaults(run=work)


STOPPING: Final = (signal.SIGTERM, signal.SIGINT)


class _ToldToStop(BaseException):
    """SIGTERM or SIGINT arrived. No mere exception: logging, where it may, would swallow one."""


def work(command: CommandLine) -> None:
    with command.ready_context() as context:
        told: list[int] = []

        def stop(number: int, _: object) -> NoReturn:
            # Raised in the main thread, which only sleeps: whatever lock the worker holds, this
            # cannot block on it, as a call of worker.stop() in here could.
            told.append(number)
            raise _ToldToStop

        previous = {number: signal.signal(number, stop) for number in STOPPING}
        try:
            context.worker.start()
            log.info("working", **summary_of(context.settings))
            # What is raised while an object is being deleted is lost, so it is noted, too.
            while not told:
                time.sleep(1)
        except _ToldToStop:
            log.info("stopping after the items at hand")
        finally:
            context.worker.stop()
            for number, handler in previous.items():
                signal.signal(number, handler)
        log.info("stopped")
