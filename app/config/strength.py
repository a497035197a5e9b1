"""Whether a secret is one that cannot be guessed."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import pairwise
from math import log2
from typing import Final

from app.config.fields import SHORTEST_SECRET

HOW_TO_MAKE: Final = "`openssl rand -hex 32` prints a good one"

_LEAST_BITS: Final = 80
"""By how often each character occurs. 32 random hexadecimal digits have about 115."""

_PLACEHOLDER: Final = re.compile(
    r"[<>]|random|secret|change|passwor|example|placeholder|character|openssl|insert|dummy",
    re.IGNORECASE,
)
_NUMBER_OF_KEY: Final = re.compile(r"\d{1,3}:(?!pub:)")


def weaknesses(secrets: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with each secret, in words that do not show it.

    Args:
        secrets: by the name of their setting.
    """
    seen: dict[str, str] = {}
    for name, secret in secrets.items():
        if reason := _weakness(secret):
            yield f"{name} {reason}; {HOW_TO_MAKE}."
        if secret in seen:
            yield f"{name} and {seen[secret]} are the same secret; give each its own."
        seen.setdefault(secret, name)


def ticket_secrets(keys: str) -> Iterator[tuple[str, str]]:
    """The secrets in ``TICKET_KEYS`` with a name for each; public halves are none."""
    for position, written in enumerate(keys.split(","), start=1):
        key = written.strip()
        if not re.match(r"(?:\d{1,3}:)?pub:", key):
            yield f"TICKET_KEYS (key {position})", _NUMBER_OF_KEY.sub("", key, count=1)


def _weakness(secret: str) -> str | None:
    if len(secret) < SHORTEST_SECRET:
        return f"must have at least {SHORTEST_SECRET} characters"
    if _PLACEHOLDER.search(secret):
        return "is a placeholder or made of words"
    if _bits(secret) < _LEAST_BITS or _repeats(secret) or _counts_up(secret):
        return "repeats itself too much"
    return None


def _bits(secret: str) -> float:
    shares = [count / len(secret) for count in Counter(secret).values()]
    return -len(secret) * sum(share * log2(share) for share in shares)


def _repeats(secret: str) -> bool:
    """Whether a shorter text was written twice or more."""
    lengths = range(1, len(secret) // 2 + 1)
    return any(secret[length:] == secret[:-length] for length in lengths)


def _counts_up(secret: str) -> bool:
    """Whether most characters are the one after, or before, their neighbour: ``0123…``."""
    steps = [abs(ord(after) - ord(before)) for before, after in pairwise(secret)]
    return steps.count(1) > len(steps) // 2
