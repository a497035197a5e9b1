"""Paystack's simulator on a free port of this machine, for a shop that is run without an account.

Browsers reach it below `MOCK_PATH` of the shop. The shop itself calls it over a socket, as it would
Paystack, so that time-outs and broken connections are real.
"""

import logging
import socket
import threading
import weakref
from collections.abc import Callable
from datetime import datetime
from typing import Final

import uvicorn
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from app.config import ConfigurationError, Settings
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.simulator import PaystackMock
from app.paystack_mock.values.moments import system_clock
from app.wiring.adapters import paystack_key

MOCK_PATH: Final = "/paystack-mock"
WEBHOOK_PATH: Final = "/payments/webhook"
LOOPBACK: Final = "127.0.0.1"

_THREAD: Final = "paystack-simulator-server"
_STOP_WITHIN_SECONDS: Final = 5
_REQUESTS_END_WITHIN_SECONDS: Final = 2


class Simulator:
    """The simulator's API, served by a thread from `start` to `stop`; ``mock`` delivers if told to.

    The port is open from the beginning, so that the shop's client can be told the address; calls
    that come before `start` wait. A stopped simulator does not start again.

    Webhooks reach the shop over the same port: at which addresses its own server listens, the shop
    cannot know.

    Args:
        settings: the shop's.
        clock: by which it pays and refunds.
        is_silent: whether it posts no webhooks; its customers pay whatever the environment says.

    Raises:
        ConfigurationError: no port can be opened.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Callable[[], datetime] = system_clock,
        is_silent: bool = False,
    ) -> None:
        self._listener = open_port(LOOPBACK)
        weakref.finalize(self, self._listener.close)  # for a shop that is built and never run
        self.url = f"http://{LOOPBACK}:{self._listener.getsockname()[1]}"
        described = MockSettings(
            store=settings.var_dir / "paystack_mock.sqlite3",
            secret_key=SecretStr(paystack_key(settings)),
            webhook_url=f"{self.url}{WEBHOOK_PATH}",
            mount_path=MOCK_PATH,
        )
        if is_silent:
            described = described.model_copy(update={"webhook_url": None, "autopay": True})
        self.mock = PaystackMock(described, clock=clock)
        self.shop: ASGIApp | None = None
        """The app that receives the webhooks; without it they are answered 404."""
        self._server = uvicorn.Server(
            uvicorn.Config(
                self._answer,
                log_config=None,  # the log is the shop's own server's to set up
                interface="asgi3",
                lifespan="off",
                ws="none",
                proxy_headers=False,
                timeout_graceful_shutdown=_REQUESTS_END_WITHIN_SECONDS,
            )
        )
        # A daemon: a server that was not stopped must not keep the program alive.
        self._thread = threading.Thread(target=self._serve, name=_THREAD, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, wait: bool = True) -> None:
        """End deliveries and close the port; calls under way have a moment to end."""
        self.mock.stop()
        self._server.should_exit = True
        if self._thread.ident is None:
            self._listener.close()
        elif wait:
            self._thread.join(_STOP_WITHIN_SECONDS)

    def _serve(self) -> None:
        """Run uvicorn, which leaves signals alone outside the main thread."""
        loggers = [logging.getLogger(name) for name in ("uvicorn.error", "uvicorn.access")]
        for logger in loggers:
            logger.addFilter(self._is_worth_a_line)
        self._server.run([self._listener])
        for logger in loggers:
            logger.removeFilter(self._is_worth_a_line)

    def _is_worth_a_line(self, record: logging.LogRecord) -> bool:
        """Tell whether the log needs it: starts, stops and requests of this server are noise."""
        is_ours = record.thread == self._thread.ident
        return not is_ours or (record.levelno >= logging.WARNING and not self._server.should_exit)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_webhook = scope["path"] == WEBHOOK_PATH
        app = self.shop if is_webhook and self.shop is not None else self.mock.app
        await app(scope, receive, send)


def open_port(host: str) -> socket.socket:
    """A socket that listens on a free port of this address.

    Raises:
        ConfigurationError: there is none.
    """
    try:
        return socket.create_server((host, 0))
    except OSError as error:
        raise ConfigurationError(
            f"The Paystack simulator cannot open a port on {host}: {error.strerror}. Allow that, "
            "or set PAYSTACK_SECRET_KEY and PAYSTACK_BASE_URL to use another Paystack."
        ) from error
