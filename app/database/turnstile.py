"""Lets a few threads in at a time, and some of them first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

MOST_IN_A_ROW: Final = 4
"""How many who are urgent go in before one of the others, if any wait."""

STEP_ASIDE_SECONDS: Final = 0.05
"""How long readers let the urgent ones pass, at most."""


class Turnstile:
    """Lets a few write at a time, those who are urgent first.

    While somebody urgent is there, the others go in one at a time, and readers step aside: inside,
    everybody slows down everybody else. They are never shut out.

    Args:
        places: how many may be inside at once.
    """

    def __init__(self, places: int) -> None:
        self._places = places
        self._lock = threading.Lock()
        self._urgent, self._others = _Line(self._lock), _Line(self._lock)
        self._calm = threading.Condition(self._lock)
        self._reading = 0
        self._in_a_row = 0

    def enter(self, *, within: float, urgent: bool = False) -> bool:
        """Wait for a place to write, at most ``within`` seconds; tell whether there was one."""
        line, may_enter = (
            (self._urgent, self._may_urgent) if urgent else (self._others, self._may_other)
        )
        with self._lock:
            line.waiting += 1
            is_in = line.changed.wait_for(may_enter, timeout=within)
            line.waiting -= 1
            if is_in:
                line.inside += 1
                self._in_a_row = self._in_a_row + 1 if urgent else 0
            self._call()
        return is_in

    def leave(self, *, urgent: bool = False) -> None:
        """Give the place back."""
        with self._lock:
            (self._urgent if urgent else self._others).inside -= 1
            self._call()

    @contextmanager
    def reading(self, *, urgent: bool = False) -> Iterator[None]:
        """For the length of a look, which needs no place."""
        with self._lock:
            if urgent:
                self._reading += 1
            else:
                self._calm.wait_for(lambda: not self._is_hurried, timeout=STEP_ASIDE_SECONDS)
        try:
            yield
        finally:
            if urgent:
                with self._lock:
                    self._reading -= 1
                    self._call()

    def _may_urgent(self) -> bool:
        return self._is_free and not self._others_turn

    def _may_other(self) -> bool:
        if self._urgent.waiting and not self._others_turn:
            return False
        return self._is_free and not (self._others.inside and self._is_hurried)

    @property
    def _is_free(self) -> bool:
        return self._urgent.inside + self._others.inside < self._places

    @property
    def _is_hurried(self) -> bool:
        return self._reading + self._urgent.waiting + self._urgent.inside > 0

    @property
    def _others_turn(self) -> bool:
        return self._others.waiting > 0 and self._in_a_row >= MOST_IN_A_ROW

    def _call(self) -> None:
        """Wake one who may go in now; whoever comes at this moment may be quicker."""
        if self._urgent.waiting and self._may_urgent():
            self._urgent.changed.notify()
        elif self._others.waiting and self._may_other():
            self._others.changed.notify()
        if not self._is_hurried:
            self._calm.notify_all()


class _Line:
    """Those who want to write: how many wait, and how many are inside."""

    def __init__(self, lock: threading.Lock) -> None:
        self.changed = threading.Condition(lock)
        self.waiting = 0
        self.inside = 0
