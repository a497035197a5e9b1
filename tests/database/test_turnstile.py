import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from app.database import turnstile as module
from app.database.turnstile import Turnstile
from tests.support.racing import until

PATIENCE = 20.0
AT_ONCE = 0.0


class Visitors:
    """Threads that go through one after the other, and the order in which they did."""

    def __init__(self, turnstile: Turnstile) -> None:
        self.went: list[str] = []
        self._turnstile = turnstile
        self._threads: list[threading.Thread] = []

    def queue(self, *names: str) -> None:
        """Let each wait in line; whose name begins with ``urgent`` is."""
        for name in names:
            self._queue(name, urgent=name.startswith("urgent"))

    def _queue(self, name: str, *, urgent: bool) -> None:
        line = self._turnstile._urgent if urgent else self._turnstile._others
        before = line.waiting
        thread = threading.Thread(target=self._go, args=(name, urgent), daemon=True)
        thread.start()
        self._threads.append(thread)
        until(lambda: line.waiting > before)

    def all_through(self) -> list[str]:
        for thread in self._threads:
            thread.join(PATIENCE)
        return self.went

    def _go(self, name: str, urgent: bool) -> None:
        assert self._turnstile.enter(within=PATIENCE, urgent=urgent)
        self.went.append(name)
        self._turnstile.leave(urgent=urgent)


@contextmanager
def inside(turnstile: Turnstile, *, urgent: bool = False) -> Iterator[None]:
    assert turnstile.enter(within=AT_ONCE, urgent=urgent)
    yield
    turnstile.leave(urgent=urgent)


class TestEnter:
    def test_lets_in_as_many_as_there_are_places(self) -> None:
        turnstile = Turnstile(2)

        with inside(turnstile), inside(turnstile):
            assert not turnstile.enter(within=AT_ONCE)
        assert turnstile.enter(within=AT_ONCE)

    def test_lets_the_urgent_ones_go_first(self) -> None:
        turnstile = Turnstile(1)
        visitors = Visitors(turnstile)

        with inside(turnstile):
            visitors.queue("first", "second", "urgent")

        assert visitors.all_through()[0] == "urgent"

    def test_lets_one_of_the_others_in_after_four_who_were_urgent(self) -> None:
        turnstile = Turnstile(1)
        visitors = Visitors(turnstile)

        with inside(turnstile):
            visitors.queue("other", *(f"urgent {number}" for number in range(6)))

        assert visitors.all_through().index("other") == module.MOST_IN_A_ROW

    def test_lets_the_others_in_one_at_a_time_while_somebody_urgent_is_there(self) -> None:
        turnstile = Turnstile(4)

        with inside(turnstile, urgent=True), inside(turnstile):
            assert not turnstile.enter(within=AT_ONCE)
        with inside(turnstile), inside(turnstile):
            pass

    def test_forgets_who_waited_in_vain(self) -> None:
        turnstile = Turnstile(1)

        with inside(turnstile):
            assert not turnstile.enter(within=AT_ONCE, urgent=True)

        assert turnstile.enter(within=AT_ONCE)


class TestReading:
    def test_steps_aside_until_the_urgent_ones_are_done(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(module, "STEP_ASIDE_SECONDS", PATIENCE)
        turnstile = Turnstile(1)
        done: list[str] = []

        def look() -> None:
            with turnstile.reading():
                done.append("looked")

        looking = threading.Thread(target=look, daemon=True)
        with turnstile.reading(urgent=True):
            with inside(turnstile, urgent=True):
                looking.start()
                done.append("wrote")
            done.append("scanned")
        looking.join(PATIENCE)

        assert done == ["wrote", "scanned", "looked"]

    def test_goes_on_after_a_moment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "STEP_ASIDE_SECONDS", AT_ONCE)
        turnstile = Turnstile(1)

        with inside(turnstile, urgent=True), turnstile.reading():
            pass

    def test_hinders_nobody_when_nobody_is_urgent(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "STEP_ASIDE_SECONDS", PATIENCE)
        turnstile = Turnstile(1)

        with inside(turnstile), turnstile.reading(), turnstile.reading():
            pass
