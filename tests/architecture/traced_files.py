"""Counts the files of the shop that one request runs through.

The rule: a file of `app/` counts if a function or method written in it runs between the request and
its answer. Middleware, strict requests, schemas, services, repositories, the database and clients
count alike. What does not count:

- `paystack_mock/`, and the thread in `wiring/` that serves it: Paystack is another program.
- `domain/` and `models/`: values and rows. They are asked about themselves (`order.total`), and
  lead nowhere else. `TracedFiles.values` lists them.
- Comprehensions, lambdas, class bodies and what runs while a module is imported.
"""

import gc
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Final

APP: Final = f"{Path(__file__).parents[2] / 'app'}/"
ANOTHER_PROGRAM: Final = ("paystack_mock/", "wiring/simulator.py")
VALUES: Final = ("domain/", "models/")


class TracedFiles:
    """Notes which files run; begin it before the threads of a server start.

    It slows every call down, so nothing may wait for time that passes.
    """

    def __init__(self) -> None:
        self._seen: set[str] = set()

    @property
    def steps(self) -> list[str]:
        """The files that count."""
        return sorted(file for file in self._seen if not file.startswith(VALUES))

    @property
    def values(self) -> list[str]:
        """Files of values and rows that were asked about themselves."""
        return sorted(file for file in self._seen if file.startswith(VALUES))

    def forget(self) -> None:
        """Begin anew."""
        self._seen.clear()

    @contextmanager
    def noting(self) -> Iterator[None]:
        """Note what runs in this thread, and in those that start within the block.

        The collector does not run in it: of generators that other tests left behind it would run
        the end.
        """
        before, collects = sys.getprofile(), gc.isenabled()
        gc.collect()
        gc.disable()
        threading.setprofile(self._note)
        sys.setprofile(self._note)
        try:
            yield
        finally:
            sys.setprofile(before)
            threading.setprofile(before)
            if collects:
                gc.enable()

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event != "call" or code.co_name.startswith("<") or not code.co_filename.startswith(APP):
            return
        file = code.co_filename.removeprefix(APP)
        if not file.startswith(ANOTHER_PROGRAM):
            self._seen.add(file)
