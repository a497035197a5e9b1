"""Background work: expiring holds, asking about payments, refunds, messages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from app.services.operations.item_runner import KeepGoing, always


class Job(Protocol):
    """Does a bounded batch of what is due and tells how much that was."""

    def __call__(self, *, keep_going: KeepGoing = always) -> int:
        """Take another item only as long as ``keep_going`` says so."""
        ...


@dataclass(frozen=True, slots=True)
class Lane:
    """Jobs that wait for the same part of the world outside, or for none of it.

    Each lane has a thread of its own, so none waits for another's mail server or provider.
    """

    name: str
    jobs: Sequence[tuple[str, Job]]


@dataclass(frozen=True, slots=True)
class WorkService:
    """What is done in the background. Any number of workers may do it at once."""

    lanes: Sequence[Lane]

    @property
    def jobs(self) -> Sequence[tuple[str, Job]]:
        """All jobs, by name."""
        return [job for lane in self.lanes for job in lane.jobs]
