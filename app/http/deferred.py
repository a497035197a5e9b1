from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Deferred:
    """A value a dependency promises: found out in the route's own thread."""

    find: Callable[[], Any]
