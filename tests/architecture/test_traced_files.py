"""What is counted of a call is what it runs, whatever ran in this process before."""

import gc
from collections.abc import Iterator
from typing import Any

from app.domain.languages import Language
from app.http.browsers import languages
from app.routers.organizers import exports
from tests.architecture.traced_files import TracedFiles

EXPORTS = "routers/organizers/exports.py"
LANGUAGES = "http/browsers/languages.py"


class Garbage:
    """Holds itself, and a generator of the shop that was begun: only the collector ends it."""

    def __init__(self, begun: Iterator[bytes]) -> None:
        self.held: Any = self
        self.begun = begun


def leave_behind() -> None:
    """As other tests do with what they do not read to its end."""
    begun = exports._without_deadline(iter([b"1", b"2"]))
    next(begun)
    Garbage(begun)


class TestNoting:
    def test_leaves_out_what_ends_as_garbage_of_before(self) -> None:
        leave_behind()
        traced = TracedFiles()

        with traced.noting():
            languages.accepted_language("fr", default=Language.ENGLISH)
            [[] for _ in range(100_000)]  # often enough for the collector to run

        assert traced.steps == [LANGUAGES]
        assert gc.isenabled()

    def test_would_be_misled_by_the_collector(self) -> None:
        traced = TracedFiles()

        with traced.noting():
            leave_behind()
            traced.forget()
            gc.collect()

        assert traced.steps == [EXPORTS]
