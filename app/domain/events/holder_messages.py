"""How far a message to all who hold tickets is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of the mails of a message; ``dropped``: the holder had no ticket any more."""

    due: int = 0
    sent: int = 0
    failed: int = 0
    dropped: int = 0
