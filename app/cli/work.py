"""`work`: the background work in a process of its own."""

import signal
import time
from typing import TYPE_CHECKING, NoReturn

import structlog

from app.cli.running import CommandLine
from app.config import summary_of

if TYPE_CHECKING:
    from app.cli.running import Commands

log = structlog.get_logger(__name__)


def add_to(commands: "Commands") -> None:
    parser = commands.add_parser(
        "work",
        help="do the background work until stopped",
        description="Release places of unpaid orders, ask Paystack about payments without a "
        "webhook, act on webhooks, send refunds and mail. Servers do this themselves unless "
        "WORK_IN_PROCESS=false. Several may run at once: each takes what no other has taken. "
        "Stops after the items at hand when told to (SIGTERM or Ctrl+C).",
    )
    parser.set_defaults(run=work)


class _ToldToStop(BaseException):
    """SIGTERM arrived. No mere exception: logging, where it may arrive, would swallow one."""


def work(command: CommandLine) -> None:
    with command.ready_context() as context:
        previous = signal.getsignal(signal.SIGTERM)
        try:
            signal.signal(signal.SIGTERM, _stop)
            context.worker.start()
            log.info("working", **summary_of(context.settings))
            while True:
                time.sleep(3600)
        except (_ToldToStop, KeyboardInterrupt):
            log.info("stopping after the items at hand")
        finally:
            context.worker.stop()
            signal.signal(signal.SIGTERM, previous)
        log.info("stopped")


def _stop(*_: object) -> NoReturn:
    # Raised in the main thread, which only sleeps: whatever lock the worker holds, this cannot
    # block on it, as a call of worker.stop() in here could.
    raise _ToldToStop
