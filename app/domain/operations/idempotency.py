"""Calls that are made once."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCall:
    """A call as its client named it. The fingerprint is of what was asked."""

    caller: str
    operation: str
    key: str
    fingerprint: str
