"""How far a message to all who hold tickets is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """What became of the mails of a message.

    ``preparing``: holders whose mail is not made yet; ``dropped``: the holder had no ticket any
    more when it was to be sent.
    """

    preparing: int = 0
    due: int = 0
    sent: int = 0
    failed: int = 0
    dropped: int = 0

    @property
    def waiting(self) -> int:
        """Mails that are still to be sent, made or not."""
        return self.preparing + self.due

    @property
    def has_begun(self) -> bool:
        """Whether mails were made."""
        return self != Progress(preparing=self.preparing)
