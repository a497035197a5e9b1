"""The work nobody waits for: expiring holds, asking about payments, refunds, messages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

Job = Callable[[], int]
"""Does a bounded batch of what is due and tells how much that was."""


@dataclass(frozen=True, slots=True)
class WorkService:
    """What is done in the background, by name. Any number of workers may do it at once."""

    jobs: Sequence[tuple[str, Job]]
