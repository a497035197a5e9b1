"""The simulator put together."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime

import httpx
from starlette.applications import Starlette
from starlette.exceptions import HTTPException

from app.paystack_mock.api import Api
from app.paystack_mock.checkout import Checkout
from app.paystack_mock.desks.cashier import Cashier
from app.paystack_mock.desks.courier import Courier
from app.paystack_mock.desks.disputes import DisputeDesk
from app.paystack_mock.desks.refunds import RefundDesk
from app.paystack_mock.keys import KeyCheck, RateLimit
from app.paystack_mock.settings import MockSettings
from app.paystack_mock.shapes import answers
from app.paystack_mock.store import Store
from app.paystack_mock.values.moments import system_clock, to_ms
from app.paystack_mock.values.refusals import Refusal

_log = logging.getLogger(__name__)

_POLL_SECONDS = 0.5
_STOP_WITHIN_SECONDS = 5.0


class PaystackMock:
    """Paystack's API, checkout page and webhooks, with no money behind them.

    ``app`` is bound to no event loop and may be called from several at once.
    Webhooks go out and refunds move on only between ``start`` and ``stop``, or
    when ``deliver_due`` is called.
    """

    def __init__(
        self,
        settings: MockSettings,
        *,
        webhook_client: httpx.Client | None = None,
        clock: Callable[[], datetime] = system_clock,
    ) -> None:
        store = Store(settings.store)
        self._clock = clock
        self._wake = threading.Event()
        self._thread: tuple[threading.Thread, threading.Event] | None = None
        self._thread_lock = threading.Lock()
        self._courier = Courier(store, settings, webhook_client, clock)
        refund_desk = RefundDesk(store, settings, self._courier, clock, self._wake.set)
        disputes = DisputeDesk(store, settings, self._courier, clock)
        cashier = Cashier(store, settings, self._courier, disputes, clock, self._wake.set)
        self._desks = (cashier, refund_desk, disputes)
        api = Api(
            settings=settings,
            store=store,
            keys=KeyCheck(store, settings.secret_key),
            rate_limit=RateLimit(settings.rate_limit, clock) if settings.rate_limit else None,
            cashier=cashier,
            refund_desk=refund_desk,
            courier=self._courier,
        )
        self.app = Starlette(
            routes=[*api.routes(), *Checkout(cashier, self._courier, clock).routes()],
            exception_handlers={
                Refusal: answers.refused,
                HTTPException: answers.no_such_route,
                Exception: answers.broke_down,
            },
        )
        self.app.router.redirect_slashes = False

    def start(self) -> None:
        """Start delivering; a second call changes nothing."""
        with self._thread_lock:
            if self._thread is not None:
                return
            stopping = threading.Event()
            thread = threading.Thread(
                target=self._deliver_until,
                args=(stopping,),
                name="paystack-simulator",
                # A delivery that hangs must not keep the process alive.
                daemon=True,
            )
            self._thread = thread, stopping
            thread.start()

    def stop(self) -> None:
        """Stop delivering; waits a few seconds at most for a delivery under way."""
        with self._thread_lock:
            if self._thread is not None:
                thread, stopping = self._thread
                self._thread = None
                stopping.set()
                self._wake.set()
                thread.join(_STOP_WITHIN_SECONDS)
        self._courier.close()

    def deliver_due(self) -> int:
        """Move on what is due and deliver due webhooks; returns how many were posted."""
        return self._deliver_due(threading.Event())

    def _deliver_due(self, stopping: threading.Event) -> int:
        delivered = 0
        while not stopping.is_set():
            has_moved = any(desk.move_next() for desk in self._desks)
            has_delivered = self._courier.deliver_next()
            delivered += has_delivered
            if not (has_moved or has_delivered):
                break
        return delivered

    def _deliver_until(self, stopping: threading.Event) -> None:
        while not stopping.is_set():
            self._wake.clear()
            try:
                self._deliver_due(stopping)
                wait_seconds = self._seconds_to_next()
            except Exception:
                # The thread must outlive whatever one webhook or a locked file brings.
                _log.exception("delivering webhooks failed; trying again")
                wait_seconds = _POLL_SECONDS
            if not stopping.is_set():
                self._wake.wait(wait_seconds)

    def _seconds_to_next(self) -> float:
        """Time until something is due, at most a poll: other processes cannot wake us."""
        due = [
            due_at_ms
            for due_at_ms in (moving.next_due_ms() for moving in (self._courier, *self._desks))
            if due_at_ms is not None
        ]
        if not due:
            return _POLL_SECONDS
        return min(_POLL_SECONDS, max(0.0, (min(due) - to_ms(self._clock())) / 1000))
