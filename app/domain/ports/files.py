"""Files that only the shop itself reads."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Protocol


class PrivateFiles(Protocol):
    """Keeps files by their names. Nothing leads to them but the shop's own code."""

    def save(self, name: str, pieces: Iterable[bytes]) -> int:
        """Keep a file, whole or not at all, and tell how many bytes it has.

        What the pieces raise ends it, and comes through.

        Raises:
            FilesUnavailable: it cannot be kept now.
        """
        ...

    def load(self, name: str) -> Iterator[bytes]:
        """The file, piece by piece.

        Raises:
            FilesUnavailable: there is none of this name, or it cannot be read now.
        """
        ...

    def delete(self, name: str) -> None:
        """Delete a file, if it is there.

        Raises:
            FilesUnavailable: it cannot be deleted now.
        """
        ...

    def names(self, *, before: datetime) -> Iterator[str]:
        """Names of the files that were written before then, those left half-written among them.

        Raises:
            FilesUnavailable: they cannot be listed now.
        """
        ...
