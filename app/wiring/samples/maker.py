"""Makes the samples: on a clock that is moved, with a simulator that pays and posts no webhooks."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import structlog

from app.clients.machine import WakeUp
from app.config import Settings
from app.domain.errors import KeyInUse, SamplesRefused
from app.domain.ids import UserId
from app.domain.languages import marked
from app.domain.operations.idempotency import KeyedCall
from app.http.services import Services
from app.models.users.users import User
from app.services.operations.idempotency import Answer
from app.wiring.adapters import Adapters, gateway_to_paystack
from app.wiring.samples.acts import Act, SampleActs
from app.wiring.samples.events import ZONE
from app.wiring.samples.stand_ins import MovedClock, UndrawnCodes, UnsentMail
from app.wiring.services import build_services
from app.wiring.simulator import Simulator

log = structlog.get_logger(__name__)

Told = Callable[[int], None]
"""Is told what part is done, in percent."""

OF_SALES: Final = 85
"""The part that the weeks before today take, in percent."""

HELD_FOR: Final = timedelta(days=60)
"""Orders of the past are to be paid before a worker, whose clock is right, ends their hold."""

UNPAID_FOR: Final = timedelta(days=1)
MOST_ROUNDS: Final = 200

ONLY_IN_THE_DEMO: Final = marked(
    "Samples are made in the demo environment only, with simulated payments and mail in files."
)
HAS_EVENTS: Final = marked(
    "This account has events already, and samples are made for an account without any. If they are "
    "samples whose making was broken off, they stay as they are. Make samples for another account: "
    "sign up, and press the button in its console, or name it on the command line with --for. Or "
    "begin anew: stop the shop, delete the folder var/ (with DATABASE_URL, empty that database as "
    "well), and start it again."
)
BEING_MADE: Final = marked(
    "Samples are being made for this account, or were until a minute ago. Try again in a minute."
)
MADE_TODAY: Final = marked("Samples were made for this account within the last day.")


class Stopped(Exception):
    """The server ends while samples are being made."""


class Samples:
    """Makes samples for accounts, one at a time each.

    Args:
        settings: the shop's.
        outside: its real adapters.
        services: its services, on the real clock.
        undisturbed: keeps this process's worker, whose clock is right, from what is being made.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        outside: Adapters,
        services: Services,
        undisturbed: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._settings = settings
        self._outside = outside
        self._services = services
        self._undisturbed = undisturbed
        self._making: set[UserId] = set()
        self._lock = threading.Lock()
        self._stopping = threading.Event()

    @property
    def are_offered(self) -> bool:
        """Whether this is a place for them: no real money, and no mail that goes out."""
        settings = self._settings
        return settings.is_demo and settings.uses_mock and settings.smtp_url is None

    def is_making(self, owner_id: UserId) -> bool:
        """Whether samples are being made for this account, by any process."""
        return owner_id in self._making or self._services.idempotency.is_running(
            samples_call(owner_id)
        )

    def begin(self, owner: User) -> None:
        """Make samples in a thread of their own, unless they are being made.

        Raises:
            SamplesRefused: as ``make``.
        """
        if self.is_making(owner.id):
            return
        self.ensure_may(owner)
        with self._lock:
            if owner.id in self._making:
                return
            self._making.add(owner.id)
        threading.Thread(
            target=self._make_in_thread, args=[owner], name="samples", daemon=True
        ).start()

    def make(self, owner: User, told: Told = lambda _: None) -> None:
        """Make three events of the account's with weeks of sales, and come back when it is done.

        Raises:
            SamplesRefused: this is not the demo environment, the account has events, or they are
                being made.
        """
        self.ensure_may(owner)

        def act(_: object) -> Answer:
            self.ensure_may(owner)  # another process may just have made them
            self._make(owner, told)
            return Answer(200, b"")

        try:
            done = self._services.idempotency.in_several_transactions(samples_call(owner.id), act)
        except KeyInUse:
            raise SamplesRefused(BEING_MADE) from None
        if done.is_replay:
            raise SamplesRefused(MADE_TODAY)

    @contextmanager
    def until_stopped(self) -> Iterator[None]:
        """As long as the server runs; what is being made then ends after the act at hand."""
        yield
        self._stopping.set()

    def ensure_offered(self) -> None:
        """Refuse where they would be among real things.

        Raises:
            SamplesRefused: this is no place for them.
        """
        if not self.are_offered:
            raise SamplesRefused(ONLY_IN_THE_DEMO)

    def ensure_may(self, owner: User) -> None:
        """Refuse what ``make`` would.

        Raises:
            SamplesRefused: as there.
        """
        self.ensure_offered()
        if self._services.managed_events.page(organizer=owner, after=None, limit=1).items:
            raise SamplesRefused(HAS_EVENTS)

    def _make_in_thread(self, owner: User) -> None:
        try:
            self.make(owner)
        except Exception:
            log.exception("samples were not made to their end")
        finally:
            with self._lock:
                self._making.discard(owner.id)

    def _make(self, owner: User, told: Told) -> None:
        now = self._outside.clock.now()
        clock = MovedClock(now)
        simulator = Simulator(self._settings, clock=clock.now, is_silent=True)
        simulator.start()
        try:
            maker = _Maker(self._settings, self._outside, clock, simulator, self._stopping)
            with self._undisturbed():
                maker.make(owner, now, told)
        finally:
            simulator.stop(wait=False)


class _Maker:
    """One run."""

    def __init__(
        self,
        settings: Settings,
        outside: Adapters,
        clock: MovedClock,
        simulator: Simulator,
        stopping: threading.Event,
    ) -> None:
        bulkhead, gateway = gateway_to_paystack(settings, clock, simulator_url=simulator.url)
        self._outside = replace(
            outside,
            clock=clock,
            bulkhead=bulkhead,
            gateway=gateway,
            mailer=UnsentMail(),
            qr=UndrawnCodes(),
            signal=WakeUp(),
        )
        self._settings = settings
        self._clock = clock
        self._simulator = simulator
        self._stopping = stopping

    def make(self, owner: User, now: datetime, told: Told) -> None:
        services = self._services(HELD_FOR)
        acts = SampleActs(services=services, ids=self._outside.ids, organizer=owner, now=now)
        self._do(services, acts.of_sales(), lambda part: told(int(OF_SALES * part)))
        services = self._services(UNPAID_FOR)
        acts.go_on(services)
        rest = 100 - OF_SALES
        self._do(services, acts.of_today(), lambda part: told(OF_SALES + int(rest * part)))

    def _services(self, hold_for: timedelta) -> Services:
        return build_services(
            self._outside, self._settings.model_copy(update={"hold_for": hold_for})
        )

    def _do(self, services: Services, acts: Sequence[Act], told: Callable[[float], None]) -> None:
        """Do one act after the other, and at the end of each day what is due by then."""
        day = None
        for number, act in enumerate(acts, start=1):
            if self._stopping.is_set():
                raise Stopped
            self._clock.move_to(act.at)
            if (today := act.at.astimezone(ZONE).date()) != day:
                self._work(services)
                day = today
            act.do()
            told(number / len(acts))
        self._work(services)

    def _work(self, services: Services) -> None:
        """Do what the background would: send refunds, tell people, take in what was paid back."""
        for _ in range(MOST_ROUNDS):
            self._simulator.mock.deliver_due()
            if not sum(job() for _, job in services.work.jobs):
                return


def samples_call(owner_id: UserId) -> KeyedCall:
    return KeyedCall(
        caller=f"user:{owner_id}", operation="samples", key="samples", fingerprint="samples"
    )
