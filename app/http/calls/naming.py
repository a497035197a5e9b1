"""Which operations a client may name with an ``Idempotency-Key``: most that change something."""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, Final, TypeVar

F = TypeVar("F", bound=Callable[..., Any])

UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_MARK: Final = "__naming__"


class Naming(Enum):
    """How a call that was named is made."""

    IN_ONE_STEP = "in one step"
    """Its whole effect is one transaction, which the key and the answer join."""
    IN_STEPS = "in steps"
    """It waits for somebody else, or hashes a password, between its transactions."""
    NEVER = "never"
    """Its answers are secrets, which are not kept, or it knows repeats by itself; or a password is
    in its body, of which not even a hash is kept."""


def named_in_steps(endpoint: F) -> F:
    """Mark an endpoint that does more than one transaction."""
    setattr(endpoint, _MARK, Naming.IN_STEPS)
    return endpoint


def never_named(endpoint: F) -> F:
    """Mark an endpoint that takes no key."""
    setattr(endpoint, _MARK, Naming.NEVER)
    return endpoint


def naming_of(endpoint: Callable[..., Any], methods: Iterable[str]) -> Naming:
    """How calls of the endpoint are made once; by default in one step, if it changes anything."""
    default = Naming.IN_ONE_STEP if UNSAFE.intersection(methods) else Naming.NEVER
    found: Naming = getattr(endpoint, _MARK, default)
    return found
